//! What the log never says, however finely it is asked for.

use crate::support::{
    Browser, CASES, Demo,
    browser::{Answer, forms},
    production::{Production, SECRET},
};
use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::Duration,
};

const MAIL_PASSWORD: &str = "the-post-office-knows-it";
/// `\0desk\0the-post-office-knows-it` in base64, as AUTH PLAIN sends it.
const MAIL_PASSWORD_PLAIN: &str = "AGRlc2sAdGhlLXBvc3Qtb2ZmaWNlLWtub3dzLWl0";
const ADMIN_PASSWORD: &str = "nine tall lighthouses";
const ADMIN_PASSWORD_NEW: &str = "seven slow glaciers";
const DEVELOPER_PASSWORD: &str = "eleven blue kettles";
const WRONG_PASSWORD: &str = "twelve wrong guesses";

/// A mail server that asks for a password; answers its port and the letters as they arrive.
fn mail_server() -> (u16, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (told, letters) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let told = told.clone();
            // A client that goes away ends its dialogue, nothing else.
            thread::spawn(move || drop(converse(stream.unwrap(), &told)));
        }
    });
    (port, letters)
}

fn converse(stream: TcpStream, told: &Sender<String>) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let mut write = stream;
    let mut signed_in = false;
    write.write_all(b"220 test ESMTP\r\n")?;
    while let Some(line) = lines.next() {
        let line = line?;
        let verb = line.split(' ').next().unwrap_or_default().to_uppercase();
        let answer = match verb.as_str() {
            "EHLO" => "250-test\r\n250-AUTH PLAIN\r\n250-SMTPUTF8\r\n250 8BITMIME",
            "AUTH" => {
                assert!(line.contains(MAIL_PASSWORD_PLAIN), "{line}");
                signed_in = true;
                "235 welcome"
            }
            "DATA" => {
                assert!(signed_in);
                write.write_all(b"354 go on\r\n")?;
                let mut letter = String::new();
                for line in lines.by_ref() {
                    let line = line?;
                    if line == "." {
                        break;
                    }
                    // Quoted-printable: a line that ends in `=` goes on.
                    match line.strip_suffix('=') {
                        Some(part) => letter.push_str(part),
                        None => letter.push_str(&format!("{line}\n")),
                    }
                }
                told.send(letter.replace("=3D", "=")).unwrap();
                "250 taken"
            }
            "QUIT" => "221 bye",
            _ => "250 ok",
        };
        write.write_all(format!("{answer}\r\n").as_bytes())?;
    }
    Ok(())
}

/// The secret of the link in the next letter that has one.
fn token(letters: &Receiver<String>) -> String {
    loop {
        let letter = letters.recv_timeout(Duration::from_secs(60)).unwrap();
        if letter.contains("token=") {
            return token_in(&letter);
        }
    }
}

fn token_in(text: &str) -> String {
    let (_, rest) = text.split_once("token=").expect(text);
    let token: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
    assert!(token.len() >= 32, "{text}");
    token
}

/// Fills the form of this action on the page and sends it.
fn fill(browser: &mut Browser, page: &str, action: &str, typed: &[(&str, &str)]) -> Answer {
    let shown = browser.get(page);
    let form = forms(&shown.body)
        .into_iter()
        .find(|form| form.action == action)
        .unwrap_or_else(|| panic!("{page} has no {action}: {} {}", shown.status, shown.body));
    let mut fields: Vec<(&str, &str)> = form
        .fixed
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .filter(|(name, _)| !typed.iter().any(|(known, _)| known == name))
        .collect();
    fields.extend(typed);
    browser.post(action, &fields)
}

fn cookies(answer: &Answer) -> Vec<String> {
    let values = answer
        .headers
        .iter()
        .filter(|(name, _)| name == "set-cookie");
    values
        .filter_map(|(_, value)| Some(value.split_once('=')?.1.split(';').next()?.to_owned()))
        .filter(|value| value.len() > 20)
        .collect()
}

#[test]
fn no_secret_is_in_the_log_at_any_level() {
    let (port, letters) = mail_server();
    let mail = format!(
        "{{ kind = \"smtp\", host = \"127.0.0.1\", port = {port}, tls = \"none\", \
         username = \"desk\", password = \"{MAIL_PASSWORD}\" }}"
    );
    let desk = Production::new(&mail, "");
    let mut secrets: Vec<String> = [
        MAIL_PASSWORD,
        MAIL_PASSWORD_PLAIN,
        ADMIN_PASSWORD,
        ADMIN_PASSWORD_NEW,
        DEVELOPER_PASSWORD,
        WRONG_PASSWORD,
        SECRET,
    ]
    .map(str::to_owned)
    .to_vec();

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
    assert!(made.status.success(), "{made:?}");
    assert_eq!(
        String::from_utf8_lossy(&made.stderr)
            .matches("token=")
            .count(),
        0
    );
    let invitation = token_in(&String::from_utf8_lossy(&made.stdout));

    for filter in [
        "trace",
        "debug",
        "lettre=trace,sqlx=trace,sea_orm=trace,hyper=trace,tower_http=trace,axum=trace,casbin=trace,server_fn=trace,leptos=trace,debug",
    ] {
        let server = desk.serve(&[("UPGRADE_DESK_LOG", filter)]);
        let mut dana = server.browser();
        if filter == "trace" {
            let page = format!("/invitation?token={invitation}");
            let typed = [("password", ADMIN_PASSWORD)];
            let answer = fill(&mut dana, &page, "/do/accept_invitation", &typed);
            assert_eq!(answer.status, 303);
            secrets.push(invitation.clone());
        }

        // A refused sign-in, one that works, and a forgotten password.
        let password = match filter {
            "trace" => ADMIN_PASSWORD,
            _ => ADMIN_PASSWORD_NEW,
        };
        for typed in [WRONG_PASSWORD, password] {
            let fields = [("username", "dana"), ("password", typed)];
            let answer = fill(&mut dana, "/sign-in", "/do/sign_in", &fields);
            secrets.extend(cookies(&answer));
        }
        assert_eq!(dana.get("/admin/people").status, 200);
        let answer = fill(
            &mut server.browser(),
            "/forgot",
            "/do/request_reset",
            &[("email", "dana@example.org")],
        );
        assert_eq!(answer.status, 303);
        let reset = token(&letters);
        secrets.push(reset.clone());
        let page = format!("/reset?token={reset}");
        for typed in ["short", ADMIN_PASSWORD_NEW] {
            let mut browser = server.browser();
            fill(
                &mut browser,
                &page,
                "/do/reset_password",
                &[("password", typed)],
            );
        }
        // A link with its secret that is used again, and one as a forged Referer.
        let mut browser = server.browser();
        let gone = browser.get(&page);
        assert_eq!(gone.status, 410);
        assert!(
            gone.body.contains("href=\"/forgot\""),
            "where a new link is: {}",
            gone.body
        );
        let referer = format!("http://127.0.0.1:{}{page}", server.port);
        browser.send("GET", "/sign-in", &[("referer", &referer)], b"");

        if filter == "trace" {
            let mut noor = server.browser();
            let answer = fill(
                &mut noor,
                "/register",
                "/do/register",
                &[
                    ("name", "Noor Haddad"),
                    ("organisation", ""),
                    ("username", "noor"),
                    ("email", "noor@example.org"),
                    ("password", DEVELOPER_PASSWORD),
                    ("agreement", "yes"),
                ],
            );
            assert_eq!(answer.status, 303);
            assert_eq!(answer.header("location"), Some("/register/sent"));
            let link = token(&letters);
            let page = format!("/verify?token={link}");
            secrets.push(link);
            assert_eq!(fill(&mut noor, &page, "/do/verify_email", &[]).status, 303);
            let fields = [("username", "noor"), ("password", DEVELOPER_PASSWORD)];
            let answer = fill(&mut noor, "/sign-in", "/do/sign_in", &fields);
            secrets.extend(cookies(&answer));
            let answer = fill(
                &mut noor,
                "/apps/new",
                "/do/create_app",
                &[("name", "Glow"), ("website", "https://glow.example")],
            );
            secrets.extend(cookies(&answer));
            let app = noor.follow(answer);
            let id = app.body.split("/apps/").find_map(|rest| {
                let id: String = rest.chars().take(36).collect();
                id.parse::<uuid::Uuid>().ok()
            });
            let page = format!("/apps/{}/secret", id.expect(&app.body));
            // In the browser in which the app was made, its page still shows the first secret.
            secrets.push(client_secret(&noor.get(&page)));
            let mut elsewhere = server.browser();
            let answer = fill(&mut elsewhere, "/sign-in", "/do/sign_in", &fields);
            secrets.extend(cookies(&answer));
            let answer = fill(
                &mut elsewhere,
                &page,
                "/do/replace_secret",
                &[("keep", "0")],
            );
            assert_eq!(answer.status, 303, "{}", answer.body);
            secrets.extend(cookies(&answer));
            let shown = elsewhere.follow(answer);
            secrets.push(client_secret(&shown));
        }

        assert!(secrets.len() > 10, "{secrets:?}");
        let log = server.log();
        assert!(
            log.contains("answered") && log.contains("/do/sign_in"),
            "{log}"
        );
        assert_silent(&log, &secrets, filter);
    }
}

/// None of the secrets is in the log, nor as a form sends it.
fn assert_silent(log: &str, secrets: &[String], filter: &str) {
    for secret in secrets {
        for written in [
            secret.clone(),
            secret.replace(' ', "+"),
            secret.replace(' ', "%20"),
        ] {
            assert!(
                !log.contains(&written),
                "{written} is in the log at {filter}"
            );
        }
    }
}

/// The secret on the page that shows it once.
fn client_secret(page: &Answer) -> String {
    let (_, rest) = page.body.split_once("class=\"secret\">").expect(&page.body);
    let secret = rest.split('<').next().unwrap_or_default().to_owned();
    assert!(secret.len() >= 32, "{}", page.body);
    secret
}

#[test]
fn neither_the_password_given_to_sign_nor_what_was_typed_beside_it_is_in_the_log() {
    const TYPED: &str = "Said in good faith.";
    let right = stage::PASSWORD;
    let secrets = [right, WRONG_PASSWORD, TYPED].map(str::to_owned);
    for filter in ["trace", "debug"] {
        let demo = Demo::start_logging(filter);
        let mut signed = 0;
        for (username, page, step) in [
            ("anders", "/cases/UD-{}/approve", "/do/approve"),
            ("anders", "/cases/UD-{}/decline", "/do/decline"),
            ("maya", "/applications/UD-{}/agreement", "/do/accept_dla"),
            ("sam", "/applications/UD-{}/agreement", "/do/accept_dla"),
        ] {
            let mut browser = demo.signed_in(username);
            let pages = CASES.map(|case: u32| page.replace("{}", &case.to_string()));
            let found = pages.into_iter().find(|page| {
                let shown = browser.get(page);
                forms(&shown.body).iter().any(|form| form.action == step)
            });
            let Some(page) = found else { continue };
            for password in [WRONG_PASSWORD, right] {
                let typed = [("password", password), ("reason", TYPED)];
                let answer = fill(&mut browser, &page, step, &typed);
                assert_eq!(answer.status, 303, "{}", answer.body);
                let kept = answer
                    .header("location")
                    .unwrap_or_default()
                    .contains("kept");
                signed += usize::from(!kept);
            }
        }
        assert!(signed >= 1, "nothing was signed");
        let log = demo.log();
        assert!(log.contains("/do/approve"), "{log}");
        assert_silent(&log, &secrets, filter);
    }
}

#[test]
fn a_filter_that_cannot_be_read_is_said_and_not_passed_over() {
    let desk = Production::new("{ kind = \"capture\" }", "");
    let output = std::process::Command::new(crate::support::PROGRAM)
        .args(["audit", "verify", "--database", &desk.database()])
        .env("UPGRADE_DESK_LOG", "upgrade_desk=loud")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !output.status.success() && said.contains("UPGRADE_DESK_LOG"),
        "{said}"
    );
}
