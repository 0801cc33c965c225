//! A block as bytes.
//!
//! Numbers are little-endian. A cell is a mark and what it needs: most cells of a scenario that does not use a
//! feature are missing or all alike, and take one or nine bytes.

use crate::experiment::sweep::block::Cells;
use crate::statistics::moments::{Moments, Node};

/// No value at all.
const MISSING: u8 = 0;
/// All values alike, none missing.
const ALIKE: u8 = 1;
/// None missing.
const WHOLE: u8 = 2;
/// Anything else.
const ANY: u8 = 3;

/// The bytes of a block.
pub fn encode(cells: &Cells) -> Vec<u8> {
    let mut bytes = Vec::new();
    let width = cells.nodes.first().map_or(0, Vec::len);
    put_count(&mut bytes, width as u64);
    put_count(&mut bytes, cells.nodes.len() as u64);
    for nodes in &cells.nodes {
        let count = nodes.iter().map(|n| total(&n.moments)).max().unwrap_or(0);
        let (first, level) = nodes.first().map_or((0, 0), |n| (n.first_block, n.level));
        for number in [first, u64::from(level), count] {
            put_count(&mut bytes, number);
        }
        for node in nodes {
            put_moments(&mut bytes, &node.moments, count);
        }
    }
    match &cells.worlds {
        None => put_count(&mut bytes, 0),
        Some(worlds) => {
            put_count(&mut bytes, 1);
            for moments in worlds {
                put_moments(&mut bytes, moments, u64::MAX);
            }
        }
    }
    bytes
}

fn total(moments: &Moments) -> u64 {
    let ([n, missing], _) = moments.parts();
    n + missing
}

fn put_count(bytes: &mut Vec<u8>, number: u64) {
    bytes.extend_from_slice(&number.to_le_bytes());
}

fn put_number(bytes: &mut Vec<u8>, number: f64) {
    bytes.extend_from_slice(&number.to_le_bytes());
}

/// * `count` - values and missing ones that a cell has where nothing is said of it
fn put_moments(bytes: &mut Vec<u8>, moments: &Moments, count: u64) {
    let ([n, missing], [mean, m2, min, max]) = moments.parts();
    let bits = mean.to_bits();
    if n == 0 && missing == count {
        bytes.push(MISSING);
    } else if missing == 0
        && n == count
        && m2 == 0.0
        && min.to_bits() == bits
        && max.to_bits() == bits
    {
        bytes.push(ALIKE);
        put_number(bytes, mean);
    } else {
        if missing == 0 && n == count {
            bytes.push(WHOLE);
        } else {
            bytes.push(ANY);
            put_count(bytes, n);
            put_count(bytes, missing);
        }
        for number in [mean, m2, min, max] {
            put_number(bytes, number);
        }
    }
}

/// The block of some bytes; nothing where they are none.
pub fn decode(bytes: &[u8]) -> Option<Cells> {
    let mut reader = Reader { bytes };
    let width = usize::try_from(reader.count()?).ok()?;
    let stretches = usize::try_from(reader.count()?).ok()?;
    // A cell takes a byte at least.
    if width.checked_mul(stretches)? > bytes.len() {
        return None;
    }
    let mut nodes = Vec::new();
    for _ in 0..stretches {
        let first_block = reader.count()?;
        let level = u32::try_from(reader.count()?)
            .ok()
            .filter(|level| *level < 64)?;
        let count = reader.count()?;
        let stretch: Option<Vec<Node>> = (0..width)
            .map(|_| {
                Some(Node {
                    first_block,
                    level,
                    moments: reader.moments(count)?,
                })
            })
            .collect();
        nodes.push(stretch?);
    }
    let worlds = match reader.count()? {
        0 => None,
        1 => {
            let worlds: Option<Vec<Moments>> =
                (0..width).map(|_| reader.moments(u64::MAX)).collect();
            Some(worlds?)
        }
        _ => return None,
    };
    reader.bytes.is_empty().then_some(Cells { nodes, worlds })
}

struct Reader<'a> {
    bytes: &'a [u8],
}

impl Reader<'_> {
    fn eight(&mut self) -> Option<[u8; 8]> {
        let (eight, rest) = self.bytes.split_first_chunk::<8>()?;
        self.bytes = rest;
        Some(*eight)
    }

    fn count(&mut self) -> Option<u64> {
        self.eight().map(u64::from_le_bytes)
    }

    fn number(&mut self) -> Option<f64> {
        self.eight().map(f64::from_le_bytes)
    }

    fn moments(&mut self, count: u64) -> Option<Moments> {
        let (mark, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        match *mark {
            MISSING => {
                let empty = Moments::new().parts().1;
                Some(Moments::from_parts([0, count], empty))
            }
            ALIKE => {
                let value = self.number()?;
                Some(Moments::from_parts([count, 0], [value, 0.0, value, value]))
            }
            WHOLE | ANY => {
                let counts = match *mark {
                    WHOLE => [count, 0],
                    _ => [self.count()?, self.count()?],
                };
                let numbers = [
                    self.number()?,
                    self.number()?,
                    self.number()?,
                    self.number()?,
                ];
                Some(Moments::from_parts(counts, numbers))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::moments::BlockedMoments;

    /// Cells that are missing, alike, whole and with gaps, over replications that make several stretches.
    fn cells(has_worlds: bool) -> Cells {
        let value = |cell: u64, r: u64| match cell {
            0 => f64::NAN,
            1 => 2.5,
            2 => libm::sin(r as f64),
            _ if r.is_multiple_of(3) => f64::NAN,
            _ => r as f64,
        };
        let of: Vec<Vec<Node>> = (0..4)
            .map(|cell| {
                let mut moments = BlockedMoments::new();
                (192..450).for_each(|r| moments.push(r, value(cell, r)));
                moments.nodes()
            })
            .collect();
        let nodes: Vec<Vec<Node>> = (0..of[0].len())
            .map(|at| of.iter().map(|c| c[at]).collect())
            .collect();
        let worlds = nodes[0].iter().map(|n| n.moments).collect();
        Cells {
            nodes,
            worlds: has_worlds.then_some(worlds),
        }
    }

    #[test]
    fn a_block_comes_back_bit_for_bit() {
        for has_worlds in [false, true] {
            let cells = cells(has_worlds);
            assert!(cells.nodes.len() > 1);
            assert_eq!(decode(&encode(&cells)), Some(cells));
        }
    }

    #[test]
    fn bytes_that_are_no_block_are_none() {
        let bytes = encode(&cells(true));
        for length in 0..bytes.len() {
            assert_eq!(decode(&bytes[..length]), None, "{length}");
        }
        for at in 0..bytes.len() {
            let mut spoilt = bytes.clone();
            spoilt[at] ^= 0xFF;
            assert_ne!(decode(&spoilt), Some(cells(true)), "{at}");
        }
    }
}
