//! A real nginx with the manual's own blocks.

use super::proxy::{Proxy, data_api, free_port, manual};
use super::*;

fn nginx(folder: &Path, desk: u16, data: u16, token: &str, keeps: bool) -> Proxy {
    let port = free_port();
    // The server, what keeps answers, and where they are kept.
    let [mut server, keep, place] = manual("nginx").try_into().unwrap();
    let mut beside = String::new();
    if keeps {
        server = server.replacen(
            "        internal;\n",
            &format!("        internal;\n{keep}"),
            1,
        );
        beside = place.replace("<cache>", &folder.join("cache").display().to_string());
    }
    let server = server
        .replace("127.0.0.1:8000", &format!("127.0.0.1:{port}"))
        .replace("127.0.0.1:8080", &format!("127.0.0.1:{data}"))
        .replace("127.0.0.1:3000", &format!("127.0.0.1:{desk}"))
        .replace("<token>", token);
    let places: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|kind| format!("{kind}_temp_path {}/{kind};\n", folder.display()))
        .collect();
    let whole = format!(
        "daemon off;\nmaster_process off;\nerror_log stderr error;\npid {0}/nginx.pid;\n\
         events {{}}\nhttp {{\naccess_log off;\n{places}{beside}{server}}}\n",
        folder.display()
    );
    let config = folder.join("nginx.conf");
    fs::write(&config, whole).unwrap();
    // Debian keeps servers off the PATH of those who are not root.
    let debian = Path::new("/usr/sbin/nginx");
    let program = if debian.exists() {
        debian
    } else {
        Path::new("nginx")
    };
    let mut command = Command::new(program);
    command.arg("-p").arg(folder).arg("-c").arg(&config);
    Proxy::start(&mut command, port, "nginx is needed (Debian: nginx-light)")
}

#[test]
fn nginx_serves_and_refuses_as_the_manual_says() {
    let demo = Demo::start();
    let mut gateway = Gateway::of(&demo);
    let limited = client_id(&demo, "limited");
    let authorise = format!("/api/v1/apps/{limited}/authorisations/ann");
    assert_eq!(gateway.ask("PUT", &authorise, &Value::Null).status, 201);
    let data = data_api();
    let folders = [
        tempfile::TempDir::new().unwrap(),
        tempfile::TempDir::new().unwrap(),
    ];
    let closed = nginx(folders[0].path(), demo.port, data, &gateway.token, false);
    let kept = nginx(folders[1].path(), demo.port, data, &gateway.token, true);
    let denied = |why: &str| (403, Some(why.to_owned()));
    for nginx in [&closed, &kept] {
        assert_eq!(nginx.ask(&limited, "ann"), (200, None));
        assert_eq!(nginx.ask(&limited, "bob"), denied("not_authorised"));
        assert_eq!(nginx.ask("nobody", "ann"), denied("unknown_app"));
    }
    set(&demo, &limited, "cap = 1");
    assert_eq!(closed.ask(&limited, "bob"), denied("cap_reached"));
    assert_eq!(
        closed.ask(&limited, "ann"),
        (200, None),
        "who has a place keeps it"
    );
    set(&demo, &limited, "suspended = TRUE");
    assert_eq!(closed.ask(&limited, "ann"), denied("suspended"));
    set(
        &demo,
        &limited,
        "suspended = FALSE, level = 'sandbox', cap = NULL",
    );
    assert_eq!(closed.ask(&limited, "ann"), denied("revoked"));
    // The desk is gone.
    drop(demo);
    assert_eq!(closed.ask(&limited, "ann"), (503, None));
    assert_eq!(
        kept.ask(&limited, "ann"),
        (200, None),
        "served within the minutes chosen"
    );
    assert_eq!(kept.ask(&limited, "bob"), (503, None));
}
