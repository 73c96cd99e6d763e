#![cfg(unix)]

use super::*;

fn start(command: &str) -> Server {
    Server::start(command, Path::new("/"), &[]).unwrap()
}

fn problem(error: &anyhow::Error) -> Problem {
    error.downcast_ref::<Refusal>().unwrap().problems[0].clone()
}

#[test]
fn waits_until_the_program_is_ready_and_hears_both_streams() {
    let mut server = start(r#"sh -c 'echo one; echo two >&2; sleep 60'"#);
    let mut heard = Vec::new();
    let interrupt = Interrupt::watch().unwrap();
    let ready = server.wait(&interrupt, "", |lines| {
        heard.extend_from_slice(lines);
        heard.len() == 2
    });
    ready.unwrap();
    heard.sort_by_key(|line| line.text().to_owned());
    let expected = [Line::Output("one".into()), Line::Error("two".into())];
    assert_eq!(heard, expected);
}

#[test]
fn says_the_last_words_of_a_program_that_ends() {
    let mut server = start("sh -c 'echo no such address >&2; exit 3'");
    let interrupt = Interrupt::watch().unwrap();
    let error = server.wait(&interrupt, "", |_| false).unwrap_err();
    let problem = problem(&error);
    assert!(
        problem
            .what
            .ends_with("ended before it served: exit status: 3"),
        "{}",
        problem.what
    );
    assert_eq!(problem.hint.unwrap(), "its last words:\nno such address");
}

#[test]
fn hands_over_the_variables_and_the_words_between_quotes() {
    let variables = [("BASE_URL".to_owned(), "http://a b".to_owned())];
    let command = r#"sh -c 'echo "$BASE_URL" $0 $(pwd); sleep 60' "two words""#;
    let mut server = Server::start(command, Path::new("/"), &variables).unwrap();
    let mut heard = Vec::new();
    let interrupt = Interrupt::watch().unwrap();
    let ready = server.wait(&interrupt, "", |lines| {
        heard.extend_from_slice(lines);
        !heard.is_empty()
    });
    ready.unwrap();
    assert_eq!(heard, [Line::Output("http://a b two words /".into())]);
}

#[cfg(target_os = "linux")]
#[test]
fn ends_the_children_of_the_program_too_even_those_that_do_not_listen() {
    let mut server =
        start(r#"sh -c 'sh -c "trap : TERM; echo \$\$; while :; do sleep 1; done" & wait'"#);
    let mut child = String::new();
    let interrupt = Interrupt::watch().unwrap();
    let ready = server.wait(&interrupt, "", |lines| {
        child = lines
            .first()
            .map_or_else(String::new, |line| line.text().to_owned());
        !child.is_empty()
    });
    ready.unwrap();
    let is_alive = || {
        let state = std::fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
        !state.is_empty() && !state.contains(") Z ")
    };
    assert!(is_alive());
    drop(server);
    let until = Instant::now() + Duration::from_secs(2);
    while is_alive() && Instant::now() < until {
        thread::sleep(MOMENT);
    }
    assert!(!is_alive());
}

#[test]
fn a_command_that_is_none_or_does_not_exist_is_named() {
    for (command, what) in [
        ("", "`` is not a command"),
        ("echo 'open", "`echo 'open` is not a command"),
        (
            "no-such-program-here now",
            "cannot start `no-such-program-here`: No such file or directory (os error 2)",
        ),
    ] {
        let error = Server::start(command, Path::new("/"), &[]).err().unwrap();
        assert_eq!(problem(&error).what, what);
    }
}
