//! A browser reduced to what a bench needs of it: one connection kept open, a cookie, pages as they come over the wire.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};

/// What came back.
pub struct Page {
    /// The status.
    pub status: u16,
    /// The head, as it came.
    pub head: String,
    /// The body, as it came: compressed, where it was asked for so.
    pub body: Vec<u8>,
    /// How many bytes head and body took on the wire.
    pub wire: usize,
}

impl Page {
    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        let line = self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.unwrap_or_default()
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// A connection.
pub struct Wire {
    reader: BufReader<TcpStream>,
    /// `name=value`, once somebody signed in.
    pub cookie: String,
    /// Whether pages are asked for compressed, as every browser does.
    pub gzip: bool,
}

impl Wire {
    /// Opens one.
    pub fn open(address: SocketAddr) -> Wire {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Wire { reader: BufReader::new(stream), cookie: String::new(), gzip: true }
    }

    /// Another one of the same session.
    pub fn again(&self) -> Wire {
        let address = self.reader.get_ref().peer_addr().unwrap();
        Wire { cookie: self.cookie.clone(), ..Wire::open(address) }
    }

    /// Asks for a page.
    pub fn get(&mut self, path: &str) -> Page {
        let gzip = if self.gzip { "accept-encoding: gzip\r\n" } else { "" };
        self.send(&format!("GET {path} HTTP/1.1\r\nhost: bench\r\ncookie: {}\r\n{gzip}\r\n", self.cookie))
    }

    /// The same uncompressed, as text.
    pub fn read(&mut self, path: &str) -> String {
        self.gzip = false;
        let page = self.get(path);
        self.gzip = true;
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        page.text()
    }

    /// Sends a form.
    pub fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Page {
        let body: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let page = self.send(&format!(
            "POST {path} HTTP/1.1\r\nhost: bench\r\ncookie: {}\r\ncontent-type: application/x-www-form-urlencoded\r\n\
             content-length: {}\r\n\r\n{body}",
            self.cookie,
            body.len()
        ));
        let cookie = page.header("set-cookie").split(';').next().unwrap_or_default();
        if !cookie.is_empty() {
            self.cookie = cookie.to_owned();
        }
        page
    }

    fn send(&mut self, request: &str) -> Page {
        self.reader.get_mut().write_all(request.as_bytes()).unwrap();
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(self.reader.read_line(&mut head).unwrap(), 0, "closed: {head}");
        }
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect(&head);
        let mut page = Page { status, wire: head.len(), head, body: Vec::new() };
        if page.header("transfer-encoding") == "chunked" {
            while self.chunk(&mut page) {}
        } else {
            page.body.resize(page.header("content-length").parse().unwrap_or(0), 0);
            self.reader.read_exact(&mut page.body).unwrap();
            page.wire += page.body.len();
        }
        page
    }

    /// Reads a piece of the body; false for the empty one that ends it.
    fn chunk(&mut self, page: &mut Page) -> bool {
        let mut line = String::new();
        self.reader.read_line(&mut line).unwrap();
        let length = usize::from_str_radix(line.trim(), 16).expect(&line);
        let before = page.body.len();
        page.body.resize(before + length + 2, 0);
        self.reader.read_exact(&mut page.body[before..]).unwrap();
        page.body.truncate(before + length);
        page.wire += line.len() + length + 2;
        length > 0
    }
}
