//! `second_factor_for_staff`: whoever works here sets a second factor up before anything else.

use crate::support::{
    Browser,
    browser::Answer,
    controls::{FullForm, full_forms},
    production::Production,
};
use casework::{Clock, SystemClock};

const CAPTURE: &str = "{ kind = \"capture\" }";
const PASSWORD: &str = "seven quiet rivers";

/// The form of a page that is sent there, with its unseen fields, and these.
fn send(browser: &mut Browser, page: &Answer, action: &str, typed: &[(&str, &str)]) -> Answer {
    let form: FullForm = full_forms(&page.body)
        .into_iter()
        .find(|form| form.action == action)
        .unwrap_or_else(|| panic!("no {action} on {}", page.body));
    let hidden: Vec<(String, String)> = form
        .controls
        .iter()
        .filter_map(|control| {
            let value = form.hidden(&control.name)?;
            Some((control.name.clone(), value.to_owned()))
        })
        .collect();
    let mut pairs: Vec<(&str, &str)> = hidden
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    pairs.extend(typed);
    browser.post(action, &pairs)
}

/// The code that an app shows now which was given the key of this page.
fn code(page: &str) -> String {
    let (_, pair) = page.split_once("id=\"pair\"").unwrap();
    let (_, key) = pair.split_once("<code").unwrap();
    let (_, key) = key.split_once('>').unwrap();
    let key: String = key.chars().take_while(|c| *c != '<').collect();
    let secret = totp_rs::Secret::try_from_base32(key.replace(' ', "")).unwrap();
    let app = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    let seconds = SystemClock.now().micros() / 1_000_000;
    app.generate(u64::try_from(seconds).unwrap()).to_string()
}

#[test]
fn staff_are_led_to_a_second_factor_before_they_see_or_do_anything_else() {
    let desk = Production::new(CAPTURE, "second_factor_for_staff = true");
    let made = desk.run_configured(
        "create-admin",
        &[
            "--name",
            "Dana Whitfield",
            "--username",
            "dana",
            "--email",
            "dana@example.org",
        ],
    );
    let said = String::from_utf8(made.stdout).unwrap();
    let (_, link) = said
        .split_once("/invitation?token=")
        .unwrap_or_else(|| panic!("{said}"));
    let token: String = link.chars().take_while(char::is_ascii_hexdigit).collect();
    let running = desk.serve(&[]);
    let mut browser = running.browser();
    let page = browser.get(&format!("/invitation?token={token}"));
    let set = send(
        &mut browser,
        &page,
        "/do/accept_invitation",
        &[("password", PASSWORD)],
    );
    let page = browser.follow(set);
    let entered = send(
        &mut browser,
        &page,
        "/do/sign_in",
        &[("username", "dana"), ("password", PASSWORD)],
    );
    assert_eq!(entered.status, 303, "{}", entered.body);

    let place = Some("/account/second-factor");
    for path in ["/", "/admin/people", "/account", "/guides"] {
        let answer = browser.get(path);
        assert_eq!(answer.status, 303, "{path}");
        assert_eq!(answer.header("location"), place, "{path}");
    }
    browser.accept = "application/json";
    for path in ["/do/set_setting", "/do/change_profile", "/account/data.zip"] {
        let answer = browser.post(path, &[("name", "Dana")]);
        assert_eq!(answer.status, 403, "{path}: {}", answer.body);
    }
    browser.accept = "text/html";
    // What was being typed when it became necessary is there afterwards.
    let typing = [
        ("name", "Dana Whitfield-Okafor"),
        ("organisation", "The desk"),
        ("back", "/account/profile"),
    ];
    let kept_out = browser.post("/do/change_profile", &typing);
    assert_eq!(kept_out.status, 303, "{}", kept_out.body);
    let led = browser.follow(kept_out);
    assert!(
        led.body.contains("Set up an authenticator app"),
        "{}",
        led.body
    );

    let page = browser.get("/account/passkeys");
    assert_eq!(page.status, 200);
    assert!(
        page.body.contains("reached by numbers (127.0.0.1)"),
        "{}",
        page.body
    );
    let page = browser.get("/account/second-factor");
    assert!(
        page.body.contains("Set up an authenticator app"),
        "{}",
        page.body
    );
    let begun = send(
        &mut browser,
        &page,
        "/do/begin_second_factor",
        &[("password", PASSWORD)],
    );
    let page = browser.follow(begun);
    let code = code(&page.body);
    let confirmed = send(
        &mut browser,
        &page,
        "/do/confirm_second_factor",
        &[("code", &code)],
    );
    let shown = browser.follow(confirmed);
    assert_eq!(
        shown.body.matches("<li><code").count(),
        10,
        "{}",
        shown.body
    );
    // A page that is loaded again shows them again, to this person in this browser alone.
    let codes = "/account/second-factor/codes";
    let list = |page: &Answer| {
        let (_, rest) = page.body.split_once("plain codes").unwrap();
        rest.split("</ul>").next().unwrap().to_owned()
    };
    assert_eq!(list(&browser.get(codes)), list(&shown));
    let mut later = browser.clone();
    later.forget_cookie("ud-secret");
    assert_eq!(
        later.get(codes).header("location"),
        Some("/account/second-factor")
    );
    // Once there are others, those before are shown no more.
    let page = later.get("/account/second-factor");
    let renewed = send(
        &mut later,
        &page,
        "/do/renew_recovery_codes",
        &[("password", PASSWORD)],
    );
    assert!(later.follow(renewed).body.contains("plain codes"));
    let again = browser.get(codes);
    assert_eq!(again.header("location"), Some("/account/second-factor"));
    assert_eq!(browser.get("/admin/people").status, 200);
    let page = browser.get("/account/profile");
    let (_, rest) = page.body.split_once("was not taken").expect(&page.body);
    let (_, rest) = rest.split_once("href=\"").unwrap();
    let again = browser.get(rest.split('"').next().unwrap());
    assert!(
        again.body.contains("Dana Whitfield-Okafor"),
        "{}",
        again.body
    );
}
