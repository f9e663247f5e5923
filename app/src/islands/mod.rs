//! What needs the client: each island is one file, compiled for the server and to wasm.

mod local_time;

pub use local_time::LocalTime;
