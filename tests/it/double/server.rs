//! A minimal HTTP server on a real socket, which can misbehave.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::Value;

/// A parsed request.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub method: String,
    /// The path without the query.
    pub path: String,
    pub query: Vec<(String, String)>,
    /// The headers, with lower-case names.
    pub headers: BTreeMap<String, String>,
    pub body: Option<Value>,
}

/// An answer to send.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        Self { status, headers: vec![("content-type".into(), "application/json; charset=utf-8".into())], body }
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
}

/// How an answer is delivered.
pub(crate) enum Delivery {
    Whole(Answer),
    /// The body ends half-way.
    CutOff(Answer),
    /// The connection closes without an answer.
    Nothing,
    /// The answer is sent once it is released.
    Held(Answer, Receiver<()>),
    /// The connection stays open without an answer.
    Silence,
}

/// Listens on a local port and passes every request to `respond`.
pub(crate) fn listen(respond: impl Fn(Request) -> Delivery + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let respond = Arc::new(respond);
    let silent: Arc<Mutex<Vec<TcpStream>>> = Arc::default();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (respond, silent) = (Arc::clone(&respond), Arc::clone(&silent));
            thread::spawn(move || {
                let Some(request) = read(&stream) else { return };
                match respond(request) {
                    Delivery::Whole(answer) => write(stream, &answer, answer.body.len()),
                    Delivery::Held(answer, release) => {
                        _ = release.recv();
                        write(stream, &answer, answer.body.len());
                    }
                    Delivery::CutOff(answer) => write(stream, &answer, answer.body.len() / 2),
                    Delivery::Nothing => {}
                    Delivery::Silence => silent.lock().unwrap().push(stream),
                }
            });
        }
    });
    address
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        let (name, value) = (name.to_lowercase(), value.trim());
        let twice =
            headers.get(&name).filter(|_| name == "x-github-api-version").map(|first| format!("{first}, {value}"));
        headers.insert(name, twice.unwrap_or_else(|| value.to_owned()));
    }
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let query = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (name.to_owned(), super::description::decode(value))
    });
    let body = (length > 0).then(|| serde_json::from_slice(&body).unwrap_or(Value::Null));
    Some(Request { method, path: path.to_owned(), query: query.collect(), headers, body })
}

fn write(mut stream: TcpStream, answer: &Answer, length: usize) {
    let mut head = format!("HTTP/1.1 {} X\r\nconnection: close\r\n", answer.status);
    for (name, value) in &answer.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("content-length: {}\r\n\r\n", answer.body.len()));
    _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&answer.body.as_bytes()[..length]));
    _ = stream.flush();
}
