//! How many connections may be open at once: in all, and from one address, so that one machine does not take the places of
//! all others (连接数).

use std::collections::HashMap;
use std::future::{Ready, ready};
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use axum_server::accept::Accept;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::limits::one_place;
use super::site::lock;

/// In all. Each is a file of the process, of which many systems allow 1024.
const MOST: usize = 768;
/// From one address: forty browsers of an office behind it, with six each.
const MOST_OF_ONE: usize = 256;

/// The open connections, by where they come from.
type Open = Arc<Mutex<HashMap<IpAddr, usize>>>;

/// Takes connections in, as long as there is a place.
#[derive(Clone)]
pub struct Places {
    open: Open,
    of_one: usize,
}

impl Places {
    /// Places for everybody. Behind a proxy all come from its address, and it has all of them.
    pub fn new(proxied: bool) -> Places {
        Places { open: Open::default(), of_one: if proxied { MOST } else { MOST_OF_ONE } }
    }

    fn take(&self, address: IpAddr) -> Option<Place> {
        let address = one_place(address);
        let mut open = lock(&self.open);
        if open.values().sum::<usize>() >= MOST || open.get(&address).is_some_and(|many| *many >= self.of_one) {
            return None;
        }
        *open.entry(address).or_default() += 1;
        Some(Place { open: self.open.clone(), address })
    }
}

/// A place, free again when its connection ends.
struct Place {
    open: Open,
    address: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = lock(&self.open);
        if let Some(many) = open.get_mut(&self.address) {
            *many -= 1;
            if *many == 0 {
                open.remove(&self.address);
            }
        }
    }
}

/// A connection with its place.
pub struct Seated {
    stream: TcpStream,
    _place: Place,
}

impl<S> Accept<TcpStream, S> for Places {
    type Stream = Seated;
    type Service = S;
    type Future = Ready<io::Result<(Seated, S)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let place = stream.peer_addr().map(|peer| self.take(peer.ip()));
        ready(match place {
            Ok(Some(_place)) => Ok((Seated { stream, _place }, service)),
            // Closed without a word: to answer costs more than to ask.
            Ok(None) => Err(io::Error::new(io::ErrorKind::ConnectionRefused, "too many connections")),
            Err(error) => Err(error),
        })
    }
}

impl AsyncRead for Seated {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, into)
    }
}

impl AsyncWrite for Seated {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_takes_its_part_and_no_more_and_a_place_left_is_free() {
        let places = Places::new(false);
        let at = |text: &str| text.parse::<IpAddr>().unwrap();
        let taken =
            |address: &str, many: usize| -> Vec<Place> { (0..many).filter_map(|_| places.take(at(address))).collect() };
        let mut of_one = taken("10.0.0.1", MOST_OF_ONE + 5);
        assert_eq!(of_one.len(), MOST_OF_ONE);
        // The same machine, and the same network of one house.
        assert!(places.take(at("::ffff:10.0.0.1")).is_none());
        of_one.pop();
        assert!(places.take(at("10.0.0.1")).is_some());
        let house = taken("2001:db8::1", MOST_OF_ONE - 1);
        let neighbour = [taken("2001:db8::2", 5), taken("2001:db8:0:1::2", 5)];
        assert_eq!((house.len(), neighbour[0].len(), neighbour[1].len()), (MOST_OF_ONE - 1, 1, 5));
        let rest = taken("10.0.0.3", MOST_OF_ONE).len();
        assert!(rest < MOST_OF_ONE, "all of them together have no more than {MOST}");
        drop((of_one, house, neighbour));
        assert_eq!(Places::new(true).of_one, MOST, "a proxy has all of them");
        assert!(lock(&places.open).is_empty());
    }
}
