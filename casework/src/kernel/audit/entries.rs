//! What happened to entries of the gallery, in words.

use serde_json::Value;
use workflow::gallery::Store;

/// The sentence of an event of an entry; none where it is of something else.
pub(super) fn sentence(name: &str, body: &Value) -> Option<String> {
    let version = || {
        let direct = body.get("version");
        let number = direct.or_else(|| body.pointer("/after/version"));
        number.and_then(Value::as_i64).unwrap_or_default()
    };
    let store = || {
        let word = body.get("store").and_then(Value::as_str);
        word.and_then(Store::from_word)
            .map_or("a store", Store::label)
    };
    let is_logo = body.get("kind").and_then(Value::as_str) == Some("logo");
    let text = match name {
        "entry_edited" => return Some(edited(body)),
        "entry_image_added" if is_logo => "added a logo to the gallery entry",
        "entry_image_added" => "added a screenshot to the gallery entry",
        "entry_screenshot_moved" => "moved a screenshot of the gallery entry",
        "entry_image_removed" => "removed an image from the gallery entry",
        "entry_images_described" => "wrote what the screenshots of the gallery entry show",
        "entry_taken_back" => "took the gallery entry back from review",
        "entry_discarded" => "discarded the draft of the gallery entry",
        "entry_unlisted" => "took the entry out of the gallery",
        "entry_hidden" => {
            "noted that the entry is hidden: partnership or access of the app has gone"
        }
        "entry_shown_again" => "noted that the entry is in the gallery again",
        "entry_sent_in" => {
            return Some(format!(
                "sent in version {} of the gallery entry",
                version()
            ));
        }
        "entry_changes_asked" => {
            return Some(format!(
                "asked for changes of version {} of the gallery entry",
                version()
            ));
        }
        "entry_published" => {
            return Some(format!(
                "published version {} of the gallery entry",
                version()
            ));
        }
        "entry_taken_down" => {
            return Some(format!("took version {} out of the gallery", version()));
        }
        "entry_link_failed" => {
            return Some(format!(
                "wrote to the members: the link to {} in the gallery entry does not answer",
                store()
            ));
        }
        "entry_link_works" => {
            return Some(format!(
                "noted that the link to {} in the gallery entry answers again",
                store()
            ));
        }
        _ => return None,
    };
    Some(text.to_owned())
}

fn edited(body: &Value) -> String {
    let fields = body.get("fields").and_then(Value::as_array);
    let fields: Vec<&str> = fields
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if fields.is_empty() {
        "saved the gallery entry".to_owned()
    } else {
        format!("edited the gallery entry: {}", fields.join(", "))
    }
}
