//! GitHub's answers. A server may answer anything; the run may fail, but must not panic or loop for ever.

use std::cell::Cell;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::thread;
use std::time::Duration;

use plan_action::repository::Observer;
use plan_action::repository::github::http::client::Client;
use plan_action::repository::github::http::clock::Clock;
use plan_action::repository::github::http::token::{Api, Token};
use plan_action::repository::github::{Connection, GitHubComments, GitHubReader};

use crate::wait;

/// An upper limit for the requests that a run may send to a server whose answers are useless.
const MOST_REQUESTS: usize = 2_000;

/// The remaining answers, and the number of requests so far.
#[derive(Default)]
struct Server {
    answers: Mutex<Vec<Vec<u8>>>,
    requests: AtomicUsize,
}

static SERVER: LazyLock<(Arc<Server>, String)> = LazyLock::new(|| {
    let server: Arc<Server> = Arc::default();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let shared = Arc::clone(&server);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            answer(&stream, &shared);
        }
    });
    (server, address)
});

/// A clock on which waiting takes no real time.
#[derive(Clone, Default)]
struct PlayedClock(Rc<Cell<Duration>>);

impl Clock for PlayedClock {
    fn now(&self) -> Duration {
        self.0.get()
    }

    fn unix(&self) -> u64 {
        1_800_000_000 + self.0.get().as_secs()
    }

    async fn sleep(&self, time: Duration) {
        self.0.set(self.0.get().saturating_add(time));
    }
}

/// The input has one answer on each line: the status, a word for a header (`next`, `elsewhere`, `moved`, `limit`, seconds
/// for `Retry-After`, or nothing), and the body, separated by spaces. Requests after the last answer get 404.
pub fn answers(bytes: &[u8]) {
    let (server, address) = &*SERVER;
    let mut lines: Vec<Vec<u8>> = bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    lines.reverse();
    *server.answers.lock().unwrap() = lines;
    server.requests.store(0, Ordering::SeqCst);
    wait(async {
        let (api, token) = (Api::new(address, None).unwrap(), Token::new("ghp_token").unwrap().unwrap());
        let patience = Duration::from_secs(10);
        let client = Client::new(api, &token, PlayedClock::default(), patience, Box::new(|_| {})).unwrap();
        let Ok(github) = Connection::open("stars/observatory", client).await else { return };
        let commit = "d".repeat(40);
        let (reader, comments) = (GitHubReader::new(&github), GitHubComments::new(&github));
        _ = comments.merged_pulls(&commit, "main").await;
        _ = reader.content("plan.md", &commit).await;
        _ = comments.own_comments(12).await;
        _ = reader.observe().await;
    });
    let requests = server.requests.load(Ordering::SeqCst);
    assert!(requests < MOST_REQUESTS, "{requests} requests");
}

fn answer(stream: &TcpStream, server: &Server) {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if !reader.read_line(&mut line).is_ok_and(|read| read > 0) {
            return;
        }
        let line = line.trim_end().to_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut body = vec![0; length];
    if reader.read_exact(&mut body).is_err() {
        return;
    }
    server.requests.fetch_add(1, Ordering::SeqCst);
    let Some(line) = server.answers.lock().unwrap().pop() else {
        return write(stream, 404, "", b"{\"message\": \"Not Found\"}");
    };
    let mut parts = line.splitn(3, |byte| *byte == b' ');
    let status = parts.next().and_then(|it| std::str::from_utf8(it).ok()?.parse::<u16>().ok());
    let header = match (parts.next(), stream.local_addr()) {
        (Some(b"next"), Ok(address)) => format!("link: <http://{address}/next>; rel=\"next\"\r\n"),
        (Some(b"elsewhere"), _) => "link: <http://127.0.0.1:9/next>; rel=\"next\"\r\n".into(),
        (Some(b"moved"), Ok(address)) => format!("location: http://{address}/repos/stars/other\r\n"),
        (Some(b"limit"), _) => "x-ratelimit-remaining: 0\r\nx-ratelimit-reset: 1\r\n".into(),
        (Some(seconds), _) if !seconds.is_empty() && seconds.iter().all(u8::is_ascii_digit) => {
            format!("retry-after: {}\r\n", String::from_utf8_lossy(seconds))
        }
        _ => String::new(),
    };
    match status {
        Some(status @ 200..=599) => write(stream, status, &header, parts.next().unwrap_or_default()),
        // Closes the connection without an answer.
        _ => {}
    }
}

fn write(mut stream: &TcpStream, status: u16, header: &str, body: &[u8]) {
    let length = if matches!(status, 204 | 304) { 0 } else { body.len() };
    let head = format!("HTTP/1.1 {status} X\r\nconnection: close\r\n{header}content-length: {length}\r\n\r\n");
    _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body[..length]));
}
