//! What happened to support requests and their articles, in words.

use serde_json::Value;

/// The sentence of an event of a request; none where it is of something else. `person` is whom its
/// body names.
pub(super) fn sentence(name: &str, body: &Value, person: &str) -> Option<String> {
    let number = |key: &str| body.get(key).and_then(Value::as_u64).unwrap_or_default();
    let titled = || {
        let version = body.pointer("/after/version").and_then(Value::as_u64);
        let title = body.get("title").and_then(Value::as_str);
        format!(
            "the canned text “{}”, version {}",
            title.unwrap_or_default(),
            version.unwrap_or_default()
        )
    };
    let text = match name {
        "request_opened" => "opened a support request",
        "request_answered" => "wrote on the support request",
        "request_replied" => "replied to the developer",
        "request_solved" => "replied to the developer and solved the request",
        "request_reopened" => "reopened the support request",
        "request_closed" => "closed the support request",
        "request_expired" => "closed the support request, solved 14 days before",
        "request_noted" => "wrote a note that only our side reads",
        "request_file_added" => "attached a file to the support request",
        "request_file_removed" => "took out a file that had not been sent",
        "request_moved" => "moved the request to another place",
        "article_written" => "wrote an article of the request",
        "article_released" => "released an article to everybody",
        "article_refused" => "refused to release an article",
        "article_taken_out" => "took a released article out",
        "request_rated" => return Some(format!("rated the answer {} of 5", number("stars"))),
        "request_assigned" => return Some(format!("made {person} responsible for the request")),
        "request_released" => {
            return Some(format!(
                "gave the request back: {person} is not responsible any more"
            ));
        }
        "request_linked" => {
            return Some(format!(
                "linked the case UD-{} to the request",
                number("case")
            ));
        }
        "request_unlinked" => {
            return Some(format!(
                "took away the link of the request to the case UD-{}",
                number("case")
            ));
        }
        "request_merged" => return Some(format!("merged the request into SR-{}", number("into"))),
        "request_taken_in" => {
            return Some(format!(
                "took in SR-{}, which waited for us: so does this request",
                number("merged")
            ));
        }
        "canned_text_published" => return Some(format!("published {}", titled())),
        "canned_text_retired" => return Some(format!("retired {}", titled())),
        _ => return None,
    };
    Some(text.to_owned())
}
