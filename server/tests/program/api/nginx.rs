//! A real nginx with the manual's own blocks before a stand-in for the data.

use super::*;

/// The data that nginx stands before: each request is answered with `data`.
fn data_api() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut asked = [0; 4096];
            // Whatever it was.
            let _ = stream.read(&mut asked);
            let _ = stream.write_all(
                b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\ndata",
            );
        }
    });
    port
}

/// A real nginx with the manual's configuration.
struct Nginx {
    child: Child,
    port: u16,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// The manual's blocks for nginx: the server, what keeps answers, and where they are kept.
fn manual() -> [String; 3] {
    let manual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/gateways.md");
    let text = fs::read_to_string(manual).unwrap();
    let blocks: Vec<String> = text
        .split("```nginx\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap().to_owned())
        .collect();
    blocks.try_into().unwrap()
}

impl Nginx {
    fn start(folder: &Path, desk: u16, data: u16, token: &str, keeps: bool) -> Self {
        let port = free_port();
        let [mut server, keep, place] = manual();
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
        let child = Command::new(program)
            .args([
                "-p",
                folder.to_str().unwrap(),
                "-c",
                config.to_str().unwrap(),
            ])
            .stderr(Stdio::inherit())
            .spawn()
            .expect("nginx is needed (Debian: nginx-light)");
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(
                begun.elapsed() < Duration::from_secs(30),
                "nginx does not begin"
            );
            thread::park_timeout(Duration::from_millis(20));
        }
        Self { child, port }
    }

    /// A request of an app for a user's data: its status, and why it was denied.
    fn ask(&self, client_id: &str, subject: &str) -> (u16, Option<String>) {
        let headers = [("x-client-id", client_id), ("x-subject", subject)];
        let answer = Browser::new(self.port).send("GET", "/v3/users/self/egvs", &headers, b"");
        if answer.status == 200 {
            assert_eq!(answer.body, "data");
        }
        (
            answer.status,
            answer.header("x-access-denied").map(str::to_owned),
        )
    }
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
    let closed = Nginx::start(folders[0].path(), demo.port, data, &gateway.token, false);
    let kept = Nginx::start(folders[1].path(), demo.port, data, &gateway.token, true);
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
