//! The command line: what cannot work is refused in words, before anything is made or changed.

use crate::support::{Demo, PROGRAM, production::Production, site};
use std::{fs, process::Command};

const CAPTURE: &str = "{ kind = \"capture\" }";

fn said(output: &std::process::Output) -> String {
    assert!(!output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_mistyped_path_makes_no_database() {
    let desk = Production::new(CAPTURE, "");
    let missing = desk.path().join("dekst.sqlite");
    let url = format!("sqlite://{}", missing.display());
    desk.configure(&url, CAPTURE, "");
    let admin = [
        "--name",
        "Dana",
        "--username",
        "dana",
        "--email",
        "dana@example.org",
    ];
    for output in [
        desk.run(&["audit", "verify", "--database", &url]),
        desk.run_configured("serve", &[]),
        desk.run_configured("create-admin", &admin),
    ] {
        let said = said(&output);
        assert!(said.contains("there is no database at"), "{said}");
        assert!(!missing.exists());
    }
}

#[test]
fn every_command_refuses_what_is_no_database_address_and_does_not_repeat_it() {
    let desk = Production::new(CAPTURE, "");
    for url in [
        "",
        "desk.sqlite",
        "mysql://desk:opensesame@db/desk",
        "sqlite://",
        "postgres://x",
    ] {
        for command in [
            &["audit", "verify", "--database", url][..],
            &["migrate", "--database", url],
            &["seed", "--database", url],
        ] {
            let said = said(&desk.run(command));
            assert!(said.contains("database"), "{command:?}: {said}");
            assert!(!said.contains("opensesame"), "{said}");
        }
    }
}

#[test]
fn a_server_without_connections_says_so_and_does_not_panic() {
    let desk = Production::new(CAPTURE, "connections = 0");
    let said = said(&desk.run_configured("serve", &[]));
    assert!(
        said.contains("`connections`") && said.contains("1 to 200"),
        "{said}"
    );
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn the_variables_that_the_program_knows_are_no_unknown_settings() {
    let desk = Production::new(CAPTURE, "connections = 0");
    let output = Command::new(PROGRAM)
        .arg("serve")
        .env("UPGRADE_DESK_CONFIG", desk.path().join("desk.toml"))
        .env("UPGRADE_DESK_LOG", "info")
        .env("UPGRADE_DESK_SITE", "x")
        .output()
        .unwrap();
    let said = said(&output);
    assert!(said.contains("`connections`"), "{said}");
}

#[test]
fn a_desk_with_the_published_password_is_not_served() {
    let demo = Demo::start();
    let of_the_demo = format!("sqlite://{}", demo.folder().join("desk.sqlite").display());
    let desk = Production::new(CAPTURE, "");
    let seeded = format!("sqlite://{}", desk.path().join("seeded.sqlite").display());
    assert!(
        desk.run(&["seed", "--cases", "1", "--database", &seeded])
            .status
            .success()
    );
    for url in [of_the_demo, seeded] {
        desk.configure(&url, CAPTURE, "");
        let said = said(&desk.run_configured("serve", &[]));
        assert!(said.contains("made by the demo"), "{url}: {said}");
    }
}

#[test]
fn the_demo_does_not_begin_on_a_desk_of_people() {
    let desk = Production::new(CAPTURE, "");
    let admin = [
        "--name",
        "Dana",
        "--username",
        "dana",
        "--email",
        "dana@example.org",
    ];
    assert!(desk.run_configured("create-admin", &admin).status.success());
    let before = fs::read(desk.path().join("desk.sqlite")).unwrap();
    let output = Command::new(PROGRAM)
        .args(["demo", "--addr", "127.0.0.1:0", "--data"])
        .arg(desk.path())
        .env("LEPTOS_SITE_ROOT", site(desk.path()))
        .output()
        .unwrap();
    let said = said(&output);
    assert!(said.contains("is no demo"), "{said}");
    assert_eq!(fs::read(desk.path().join("desk.sqlite")).unwrap(), before);
}
