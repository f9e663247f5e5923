//! JSON with one way to write each value.

use serde_json::Value;

/// A value that has no JSON.
#[derive(Debug, thiserror::Error)]
#[error("the value cannot be written as JSON: {0}")]
pub struct Unwritable(#[from] serde_json::Error);

/// JSON with the keys of every object sorted by their bytes, and no white space.
///
/// # Errors
/// None for values that came from JSON or from types with named fields.
pub fn canonical(value: &Value) -> Result<String, Unwritable> {
    // `serde_json::Map` is a sorted map unless a dependency switches that off; this does not rely
    // on it.
    fn sorted(value: &Value) -> Value {
        match value {
            Value::Object(map) => {
                let mut pairs: Vec<_> = map.iter().collect();
                pairs.sort_by_key(|(key, _)| key.as_str());
                Value::Object(
                    pairs
                        .into_iter()
                        .map(|(key, value)| (key.clone(), sorted(value)))
                        .collect(),
                )
            }
            Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
            other => other.clone(),
        }
    }
    Ok(serde_json::to_string(&sorted(value))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_are_sorted_at_every_depth_and_nothing_is_between_them() {
        let value = json!({ "b": [{ "z": 1, "a": "x y" }], "a": { "d": null, "c": true } });
        assert_eq!(
            canonical(&value).unwrap(),
            r#"{"a":{"c":true,"d":null},"b":[{"a":"x y","z":1}]}"#
        );
    }

    #[test]
    fn what_was_canonical_stays_as_it_is() {
        let text = r#"{"a":[1,2,{"b":"ä\n"}],"c":-0.5}"#;
        let value = serde_json::from_str(text).unwrap();
        assert_eq!(canonical(&value).unwrap(), text);
    }
}
