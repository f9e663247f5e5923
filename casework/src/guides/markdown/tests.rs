use super::*;

const GOOD: &str =
    "# The sandbox\n\nIt answers like production and is open to all.\n\n## Base URL\n\nText.\n";

fn shown(markdown: &str) -> String {
    render(markdown, &Words::new(), &Under::new()).html
}

#[test]
fn a_text_begins_with_its_title_and_its_summary() {
    assert_eq!(problems(GOOD), Vec::<String>::new());
    let drawn = render(GOOD, &Words::new(), &Under::new());
    assert_eq!(drawn.title, "The sandbox");
    assert_eq!(
        drawn.summary,
        "It answers like production and is open to all."
    );
    assert_eq!(
        drawn.html,
        "<h2 id=\"base-url\">Base URL</h2>\n<p>Text.</p>\n"
    );
    for wrong in [
        "Text without a title.\n\nAnd more of it, which is long enough.\n\nMore.",
        "# Title\n\nShort.\n\nMore.",
        "# Title\n\nA summary with [a link](/sandbox) in it.\n\nMore.",
        "# Title\n\nA summary that is long enough to be one.\n",
    ] {
        assert!(!problems(wrong).is_empty(), "{wrong}");
    }
}

#[test]
fn headings_are_called_by_a_name_of_their_own() {
    let text = "# T\n\nS\n\n## Why, and how?\n\n## Why, and how?\n\n### Main {#main}\n\n## ¿?\n\n## A {#own-name}\n";
    let ids: Vec<String> = headings(text).into_iter().map(|it| it.id).collect();
    assert_eq!(
        ids,
        ["why-and-how", "why-and-how-2", "main-2", "part", "own-name"]
    );
    let twice = GOOD.to_owned() + "\n## A {#x}\n\n## B {#x}\n";
    assert!(problems(&twice)[0].contains("two headings have the same name"));
    let taken = GOOD.to_owned() + "\n## A {#main}\n";
    assert!(problems(&taken)[0].contains("is none of main"));
}

#[test]
fn html_is_text_and_nothing_active_is_made_of_it() {
    let text = GOOD.to_owned()
        + "\n<script>alert(1)</script>\n\n<img src=x onerror=alert(1)> and <b>bold</b>\n\n[x](javascript:alert(1)) ![p](https://evil.example/p.png)\n";
    let html = shown(&text);
    for active in ["<script", "<img", "<b>", "javascript:", "evil.example"] {
        assert!(!html.contains(active), "{active}: {html}");
    }
    assert!(html.contains("&lt;script&gt;"), "{html}");
    let said = problems(&text).join("\n");
    assert!(
        said.contains("line 9: HTML is shown as it is typed"),
        "{said}"
    );
    assert!(said.contains("no pictures"), "{said}");
}

#[test]
fn what_lies_too_deep_is_refused_and_not_drawn() {
    let deep = format!("{GOOD}\n{} deep\n", ">".repeat(50_000));
    assert_eq!(problems(&deep).len(), 1);
    assert!(problems(&deep)[0].contains("deep in each other"));
    assert_eq!(shown(&deep), "");
}

#[test]
fn a_cell_says_under_which_head_it_stands() {
    let html = shown("# T\n\nS\n\n| | Sandbox |\n| --- | --- |\n| Data | *Simulated* |\n");
    assert!(html.contains("<th scope=\"row\">Data</th>"), "{html}");
    assert!(
        html.contains("<td data-label=\"Sandbox\" data-row=\"Data\"><em>Simulated</em></td>"),
        "{html}"
    );
    // Before several others the first column names the rows, whatever it is called; of two it does not.
    let several = "| Level | A | B |\n| --- | --- | --- |\n| Users | one | two |\n";
    let html = shown(&format!("# T\n\nS\n\n{several}"));
    for cell in [
        "<th scope=\"row\">Users</th>",
        "<td data-label=\"B\" data-row=\"Users\">two</td>",
    ] {
        assert!(html.contains(cell), "{html}");
    }
    let html = shown("# T\n\nS\n\n| Poor | Good |\n| --- | --- |\n| a | b |\n");
    assert!(html.contains("<td data-label=\"Poor\">a</td>"), "{html}");
}

#[test]
fn words_between_braces_are_as_they_are_now_and_others_stay() {
    let words = Words::from([("places", "20".to_owned())]);
    let drawn = render(
        "# T\n\nUp to {places}.\n\nFor {places}, {other}.\n",
        &words,
        &Under::new(),
    );
    assert_eq!(drawn.summary, "Up to 20.");
    assert_eq!(drawn.html, "<p>For 20, {other}.</p>\n");
}

#[test]
fn questions_of_the_form_stand_under_their_heading() {
    let under = Under::from([(
        "base-url".to_owned(),
        vec![("A & B".to_owned(), "#form-a".to_owned())],
    )]);
    let html = render(GOOD, &Words::new(), &under).html;
    assert!(
        html.contains("</h2>\n<p class=\"in-the-form\">In the form: <a href=\"#form-a\""),
        "{html}"
    );
    assert!(html.contains("A &amp; B</a>"), "{html}");
}
