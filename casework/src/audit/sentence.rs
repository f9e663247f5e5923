//! What happened, in words.

/// An event's name as the end of a sentence whose subject is the person: "requested
/// clarification".
pub fn sentence(name: &str) -> String {
    name.replace('_', " ")
}
