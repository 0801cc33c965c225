//! A text that one thread puts together while another writes it down.

use std::io::{self, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Pieces at most that are put together and not yet written down.
const WAITING: usize = 64;

/// Where one thread puts a text, piece by piece. It waits where the other is far behind.
#[derive(Debug)]
pub(super) struct Relay(SyncSender<Vec<u8>>);

impl Relay {
    /// A way for a text, and where its pieces come out.
    ///
    /// The pieces end when the relay is dropped; once nobody takes them any more, nothing more can be written.
    pub(super) fn new() -> (Relay, Receiver<Vec<u8>>) {
        let (relay, pieces) = sync_channel(WAITING);
        (Relay(relay), pieces)
    }
}

impl Write for Relay {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        let sent = self.0.send(text.to_vec());
        sent.map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_comes_out_in_order() {
        let (mut relay, pieces) = Relay::new();
        let text: Vec<u8> = std::thread::scope(|scope| {
            // More pieces than may wait.
            scope.spawn(move || (0..200_u8).try_for_each(|n| relay.write_all(&[n, n])));
            pieces.into_iter().flatten().collect()
        });
        let expected: Vec<u8> = (0..200).flat_map(|n| [n, n]).collect();
        assert_eq!(text, expected);
    }

    #[test]
    fn nothing_can_be_put_in_that_nobody_takes() {
        let (mut relay, pieces) = Relay::new();
        drop(pieces);
        let error = relay.write_all(b"text").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }
}
