use super::*;

const GOOD: &str = r#"
address = "127.0.0.1:3000"
base_url = "https://desk.example.org"
database = "sqlite:///var/lib/upgrade-desk/desk.sqlite"
data = "/var/lib/upgrade-desk"
secret = "0123456789abcdef0123456789abcdef"
[mail]
from = "Upgrade Desk <desk@example.org>"
[mail.transport]
kind = "smtp"
host = "mail.example.org"
username = "desk"
password = "known to the mail server"
"#;

/// `GOOD` with the lines in place of those of the same name; a line may stand in `[mail]` or
/// `[mail.transport]`.
fn read(lines: &[&str]) -> Result<Config, String> {
    let mut text: Vec<String> = GOOD.lines().map(str::to_owned).collect();
    for line in lines {
        let (table, line) = line.split_once('|').unwrap_or(("", line));
        let name = line.split(" =").next().unwrap();
        text.retain(|known| !known.starts_with(&format!("{name} =")));
        let at = match table {
            "" => 0,
            table => {
                1 + text
                    .iter()
                    .position(|l| l == &format!("[{table}]"))
                    .unwrap()
            }
        };
        text.insert(at, line.to_owned());
    }
    let config: Config = config::Config::builder()
        .add_source(config::File::from_str(
            &text.join("\n"),
            config::FileFormat::Toml,
        ))
        .build()
        .and_then(config::Config::try_deserialize)
        .map_err(|error| error.to_string())?;
    config.check().map_err(|error| error.to_string())?;
    Ok(config)
}

#[tokio::test]
async fn a_good_configuration_is_taken() {
    read(&[]).unwrap();
    read(&["connections = 1", "shutdown_seconds = 600"]).unwrap();
    read(&["database = \"postgres://desk:x@db/desk\""]).unwrap();
    read(&["base_url = \"http://127.0.0.1:3000\""]).unwrap();
}

#[tokio::test]
async fn a_second_admin_is_needed_unless_the_configuration_says_otherwise() {
    assert!(read(&[]).unwrap().second_admin);
    assert!(!read(&["second_admin = false"]).unwrap().second_admin);
}

#[tokio::test]
async fn staff_need_a_second_factor_only_where_the_configuration_says_so() {
    assert!(!read(&[]).unwrap().second_factor_for_staff);
    let said = read(&["second_factor_for_staff = true"]).unwrap();
    assert!(said.second_factor_for_staff);
}

#[tokio::test]
async fn every_field_that_cannot_work_is_named_with_what_to_do() {
    for (lines, words) in [
        (&["address = \"here\""][..], &["address"][..]),
        (&["base_url = \"desk.example.org\""], &["base_url"]),
        (
            &["base_url = \"http://desk.example.org\""],
            &["base_url", "https://"],
        ),
        (
            &["base_url = \"ftp://desk.example.org\""],
            &["base_url", "https://"],
        ),
        (
            &["base_url = \"https://me:pw@desk.example.org\""],
            &["base_url", "password"],
        ),
        (
            &["base_url = \"https://desk.example.org/desk\""],
            &["base_url", "path"],
        ),
        (
            &["base_url = \"https://desk.example.org/?a=b\""],
            &["base_url"],
        ),
        (&["database = \"\""], &["database", "sqlite:"]),
        (&["database = \"sqlite://\""], &["database", "no file"]),
        (&["database = \"sqlite::memory:\""], &["database", "memory"]),
        (
            &["database = \"mysql://host/name\""],
            &["database", "postgres:"],
        ),
        (
            &["database = \"postgres://host\""],
            &["database", "no database"],
        ),
        (
            &["database = \"/var/lib/desk.sqlite\""],
            &["database", "sqlite:"],
        ),
        (&["connections = 0"], &["connections", "1 to 200", "0"]),
        (&["connections = 201"], &["connections", "1 to 200"]),
        (&["connections = -1"], &["connections"]),
        (&["connections = \"many\""], &["connections"]),
        (&["max_connections = 0"], &["max_connections", "16 to"]),
        (&["max_connections = 100001"], &["max_connections"]),
        (&["shutdown_seconds = 0"], &["shutdown_seconds", "1 to 600"]),
        (
            &["shutdown_seconds = 601"],
            &["shutdown_seconds", "1 to 600"],
        ),
        (&["data = \"\""], &["data", "folder"]),
        (&["data = \"/etc/passwd\""], &["data", "no folder"]),
        (&["secret = \"short\""], &["secret", "32"]),
        (
            &["secret = \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\""],
            &["secret", "random"],
        ),
        (
            &["secret = \"the demo's secret is known to all who read this\""],
            &["demo"],
        ),
        (&["trusted_proxies = [\"proxy\"]"], &["trusted_proxies"]),
        (&["conections = 4"], &["conections"]),
        (&["mail|from = \"no address\""], &["sender"]),
        (&["mail.transport|kind = \"pigeon\""], &["pigeon"]),
        (&["mail.transport|host = \"\""], &["mail.transport.host"]),
        (
            &["mail.transport|port = 0"],
            &["mail.transport.port", "1 to 65535"],
        ),
        (&["mail.transport|port = 70000"], &["port"]),
        (
            &[
                "mail.transport|password = \"\"",
                "mail.transport|tls = \"maybe\"",
            ],
            &["maybe"],
        ),
        (&["mail.transport|tls = \"none\""], &["TLS"]),
        (
            &["mail.transport|timeout_seconds = 0"],
            &["timeout_seconds", "1 to 600"],
        ),
        (
            &["mail.transport|authority = \"/nowhere.pem\""],
            &["/nowhere.pem"],
        ),
    ] {
        let error = read(lines).expect_err(&format!("{lines:?}"));
        for word in words {
            assert!(error.contains(word), "{lines:?}: {error}");
        }
    }
}

#[tokio::test]
async fn letters_are_captured_on_this_machine_alone() {
    let capture = GOOD
        .split_once("[mail.transport]")
        .map(|(before, _)| format!("{before}[mail.transport]\nkind = \"capture\"\n"))
        .unwrap();
    let here = capture.replace("https://desk.example.org", "http://127.0.0.1:3000");
    let everywhere = here.replace("address = \"127.0.0.1", "address = \"0.0.0.0");
    for (text, taken) in [(&capture, false), (&here, true), (&everywhere, false)] {
        let config: Config = config::Config::builder()
            .add_source(config::File::from_str(text, config::FileFormat::Toml))
            .build()
            .and_then(config::Config::try_deserialize)
            .unwrap();
        let checked = config.check().map_err(|error| error.to_string());
        assert_eq!(checked.is_ok(), taken, "{text}: {checked:?}");
        if let Err(error) = checked {
            assert!(error.contains("mail.transport.kind"), "{error}");
            assert!(error.contains("`smtp`"), "{error}");
        }
    }
}

#[tokio::test]
async fn a_user_without_a_password_is_a_mistake() {
    let text = GOOD.replace("password = \"known to the mail server\"\n", "");
    let config: Config = config::Config::builder()
        .add_source(config::File::from_str(&text, config::FileFormat::Toml))
        .build()
        .and_then(config::Config::try_deserialize)
        .unwrap();
    let error = config.check().unwrap_err().to_string();
    assert!(error.contains("both, or neither"), "{error}");
}

#[tokio::test]
async fn no_secret_of_a_configuration_can_be_printed() {
    let database = "database = \"postgres://desk:opensesame@db/desk\"";
    let config = read(&[database]).unwrap();
    let printed = format!("{config:?} {config:#?}");
    for secret in ["0123456789abcdef", "opensesame", "known to the mail server"] {
        assert!(!printed.contains(secret), "{printed}");
    }
    let error = read(&["database = \"mysql://desk:opensesame@db/desk\""]).unwrap_err();
    assert!(!error.contains("opensesame"), "{error}");
}
