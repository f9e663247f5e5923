//! Reports of days, and what is told of those that are wrong.

use super::*;

#[test]
fn a_wrong_line_is_named_as_people_count_and_what_breaks_off_is_no_json() {
    let demo = Demo::start();
    let mut gateway = Gateway::of(&demo);
    let app = format!("/api/v1/apps/{}", client_id(&demo, "limited"));
    let today = SystemClock.now().date().to_string();
    for wrong in [
        json!({ "day": today, "subject": "a b" }),
        json!({ "day": "yesterday", "subject": "someone" }),
        json!({ "day": "1999-01-01", "subject": "someone" }),
        json!({ "day": 7, "subject": "someone" }),
        json!({ "day": today }),
        json!({ "day": today, "subject": "someone", "more": 1 }),
        json!(["someone"]),
        json!(7),
        Value::Null,
    ] {
        let lines = json!([{ "day": today, "subject": "someone" }, wrong]);
        let activity = format!("{app}/activity");
        let answer = gateway.ask("POST", &activity, &json!({ "served": lines }));
        let title = told(&answer)["title"].as_str().unwrap().to_owned();
        assert_eq!(answer.status, 422, "{wrong}: {title}");
        assert!(title.starts_with("Line 2: "), "{wrong}: {title}");
        assert!(
            !title.contains("served[") && !title.contains(" at line "),
            "{title}"
        );
    }
    // What breaks off is no JSON, and what is JSON is told so.
    let mut shape = |body: &str| {
        let activity = format!("{app}/activity");
        told(&gateway.send("POST", &activity, &[], body.as_bytes()))["title"].clone()
    };
    for broken in ["[1", "{", "{\"served\":[", "", "nothing"] {
        let title = shape(broken);
        assert!(
            title.as_str().unwrap().starts_with("The body is not JSON"),
            "{broken}: {title}"
        );
    }
    for other in [
        "[1]",
        "7",
        "null",
        "{}",
        "{\"served\":{}}",
        "{\"served\":[],\"served\":[]}",
    ] {
        let title = shape(other);
        let begin = "The body is JSON, but not a report";
        assert!(
            title.as_str().unwrap().starts_with(begin),
            "{other}: {title}"
        );
    }
}
