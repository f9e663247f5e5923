use leptos::wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Event, EventTarget};

/// Calls `then` at each event of this name, as long as the page lives.
pub fn listen(target: &EventTarget, event: &str, then: impl FnMut(Event) + 'static) {
    let then = Closure::<dyn FnMut(Event)>::new(then);
    let added = target.add_event_listener_with_callback(event, then.as_ref().unchecked_ref());
    if added.is_ok() {
        then.forget();
    }
}
