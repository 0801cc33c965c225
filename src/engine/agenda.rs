//! What happens next: a calendar of buckets over a known horizon.
//!
//! Each slot holds at most one entry, a time and a rank within the instant. A bucket is a linked
//! list of the slots whose time falls into it; a bitset marks the buckets that are not empty, and is small enough
//! to stay at hand where the buckets are not: they are looked at only where it says so. A bucket
//! is put in order when it becomes the next one, and kept in order from then on. Setting and clearing cost a
//! constant, but for entries of the bucket that is under way, however many share an instant to come.
//! Entries past the horizon are not kept. The agenda knows times and ranks, not social work.

use crate::engine::bits::Bits;

/// Number of a slot.
pub type Slot = u32;

const NONE: u32 = u32::MAX;

/// Order within an instant: smaller first. Built by [`rank`].
pub type Rank = u64;

/// Rank of an event within its instant: by kind, then post number, then case number.
///
/// * `kind` - < 256; * `post` - < 2^24; * `case` - < 2^32
pub fn rank(kind: u8, post: u32, case: u32) -> Rank {
    ((kind as u64) << 56) | ((post as u64) << 32) | case as u64
}

/// An entry that is due.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Due {
    /// Whose entry.
    pub slot: Slot,
    /// When [days].
    pub time: f64,
    /// Order within the instant.
    pub rank: Rank,
}

// Two in a line of the cache, and none in two.
#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
struct Entry {
    time: f64,
    rank: Rank,
    before: u32,
    after: u32,
    bucket: u32,
}

impl Entry {
    const FREE: Entry = Entry {
        time: f64::INFINITY,
        rank: 0,
        before: NONE,
        after: NONE,
        bucket: NONE,
    };
}

/// The agenda of one replication.
#[derive(Clone, Debug, Default)]
pub struct Agenda {
    entries: Vec<Entry>,
    /// First slot of each bucket; of an empty one whatever stood there last.
    heads: Vec<Slot>,
    /// Buckets that hold an entry.
    filled: Bits,
    per_day: f64,
    horizon: f64,
    /// No entry stands in a bucket before this one.
    first: usize,
    /// Buckets before this one are in order; a list of any other has the newest entry first.
    ordered: usize,
    /// Room for putting a bucket in order.
    sorting: Vec<(Due, u32)>,
}

impl Agenda {
    /// Empties the agenda for a new replication, keeping its memory.
    ///
    /// * `slots` - how many there are at first; * `buckets` - >= 1; * `horizon` - last time kept [days]
    pub fn reset(&mut self, slots: usize, buckets: usize, horizon: f64) {
        self.entries.clear();
        self.entries.resize(slots, Entry::FREE);
        self.heads.resize(buckets, NONE);
        self.filled.reset(buckets);
        self.per_day = if horizon > 0.0 {
            buckets as f64 / horizon
        } else {
            0.0
        };
        self.horizon = horizon;
        self.first = 0;
        self.ordered = 0;
    }

    /// Makes room for slots up to a number, all empty.
    pub fn grow(&mut self, slots: usize) {
        if slots > self.entries.len() {
            self.entries.resize(slots, Entry::FREE);
        }
    }

    /// Enters a slot, in place of what stood there; a time past the horizon only clears it.
    ///
    /// * `time` - not before the entry that was found last [days]
    #[inline]
    pub fn set(&mut self, slot: Slot, time: f64, rank: Rank) {
        let entry = &self.entries[slot as usize];
        if entry.bucket != NONE {
            if entry.time == time && entry.rank == rank {
                return;
            }
            self.unlink(slot);
        }
        // Nor is a time that is not a number.
        if time.is_nan() || time > self.horizon {
            return;
        }
        // By way of 32 bits, to which a machine converts with fewer steps; there are far fewer buckets.
        let bucket = ((time * self.per_day) as u32 as usize).min(self.heads.len() - 1);
        let mut entry = Entry {
            time,
            rank,
            before: NONE,
            after: NONE,
            bucket: bucket as u32,
        };
        // Most buckets hold no other entry.
        if self.filled.insert(bucket) {
            self.first = self.first.min(bucket);
        } else {
            entry.after = self.heads[bucket];
            if bucket < self.ordered {
                (entry.before, entry.after) = self.neighbours(entry.after, time, rank);
            }
            if entry.after != NONE {
                self.entries[entry.after as usize].before = slot;
            }
        }
        if entry.before == NONE {
            self.heads[bucket] = slot;
        } else {
            self.entries[entry.before as usize].after = slot;
        }
        self.entries[slot as usize] = entry;
    }

    /// Between which entries of a bucket a time and a rank belong: in order, so that the next is the bucket's head.
    fn neighbours(&self, head: Slot, time: f64, rank: Rank) -> (Slot, Slot) {
        let (mut before, mut after) = (NONE, head);
        while after != NONE {
            let entry = &self.entries[after as usize];
            if time < entry.time || (time == entry.time && rank < entry.rank) {
                break;
            }
            before = after;
            after = entry.after;
        }
        (before, after)
    }

    /// Empties a slot.
    #[inline]
    pub fn clear(&mut self, slot: Slot) {
        if self.entries[slot as usize].bucket != NONE {
            self.unlink(slot);
        }
    }

    fn unlink(&mut self, slot: Slot) {
        let entry = self.entries[slot as usize];
        self.entries[slot as usize].bucket = NONE;
        let bucket = entry.bucket as usize;
        if entry.after != NONE {
            self.entries[entry.after as usize].before = entry.before;
        }
        if entry.before != NONE {
            self.entries[entry.before as usize].after = entry.after;
        } else if entry.after != NONE {
            self.heads[bucket] = entry.after;
        } else {
            self.filled.remove(bucket);
        }
    }

    /// The entry that is due next, left where it stands.
    #[inline]
    pub fn peek(&mut self) -> Option<Due> {
        let bucket = self.find()?;
        Some(self.due(self.heads[bucket]))
    }

    /// Takes off the entry that is due next.
    #[inline]
    pub fn pop(&mut self) -> Option<Due> {
        let bucket = self.find()?;
        let slot = self.heads[bucket];
        let due = self.due(slot);
        let entry = &mut self.entries[slot as usize];
        entry.bucket = NONE;
        let after = entry.after;
        if after == NONE {
            self.filled.remove(bucket);
        } else {
            self.heads[bucket] = after;
            self.entries[after as usize].before = NONE;
        }
        Some(due)
    }

    /// True where another entry is due at the time of the one that was taken last: it would stand in the same bucket,
    /// and nothing stands in one before.
    ///
    /// * `now` - that time [days]
    #[inline]
    pub fn has_more_at(&self, now: f64) -> bool {
        self.filled.has(self.first) && self.entries[self.heads[self.first] as usize].time <= now
    }

    /// Whose entries come next: the first for certain where the next bucket is in order, the others as they stand in
    /// their lists. A guess, for a look ahead.
    #[inline]
    pub fn coming(&self) -> [Option<Slot>; 3] {
        let mut bucket = self.filled.first_from(self.first);
        let mut slot = bucket.map(|bucket| self.heads[bucket]);
        std::array::from_fn(|_| {
            let coming = slot?;
            let after = self.entries[coming as usize].after;
            if after != NONE {
                slot = Some(after);
            } else {
                bucket = bucket.and_then(|bucket| self.filled.first_from(bucket + 1));
                slot = bucket.map(|bucket| self.heads[bucket]);
                if let Some(slot) = slot {
                    self.fetch(slot);
                }
            }
            Some(coming)
        })
    }

    /// Asks for the memory of a slot's entry.
    #[inline]
    pub(super) fn fetch(&self, slot: Slot) {
        prefetch_index::prefetch_index(&self.entries, slot as usize);
    }

    /// The first bucket that is not empty.
    #[inline]
    fn find(&mut self) -> Option<usize> {
        let Some(first) = self.filled.first_from(self.first) else {
            self.first = self.heads.len();
            return None;
        };
        self.first = first;
        if self.first >= self.ordered {
            self.ordered = self.first + 1;
            let head = self.heads[self.first];
            // Most buckets hold one entry.
            if self.entries[head as usize].after != NONE {
                self.put_in_order(self.first, head);
            }
        }
        Some(self.first)
    }

    /// Puts a bucket in order. Those before it are empty.
    #[inline(never)]
    fn put_in_order(&mut self, bucket: usize, head: Slot) {
        let mut sorting = std::mem::take(&mut self.sorting);
        sorting.clear();
        let mut slot = head;
        while slot != NONE {
            sorting.push((self.due(slot), sorting.len() as u32));
            slot = self.entries[slot as usize].after;
        }
        // Of two that are alike the older one comes first, which stands further back in the list.
        sorting.sort_unstable_by(|(a, newer), (b, older)| {
            let by_time = a.time.total_cmp(&b.time);
            by_time.then(a.rank.cmp(&b.rank)).then(older.cmp(newer))
        });
        self.heads[bucket] = sorting[0].0.slot;
        let mut before = NONE;
        for (due, _) in &sorting {
            self.entries[due.slot as usize].before = before;
            self.entries[due.slot as usize].after = NONE;
            if before != NONE {
                self.entries[before as usize].after = due.slot;
            }
            before = due.slot;
        }
        self.sorting = sorting;
    }

    #[inline]
    fn due(&self, slot: Slot) -> Due {
        let entry = &self.entries[slot as usize];
        Due {
            slot,
            time: entry.time,
            rank: entry.rank,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Whatever is entered, moved and cleared, entries come in order of time and rank.
        #[test]
        fn entries_come_in_order(
            moves in prop::collection::vec((0u32..40, 0.0f64..120.0, 0u8..4, any::<bool>()), 1..300),
            buckets in 1usize..200,
        ) {
            let mut agenda = Agenda::default();
            agenda.reset(40, buckets, 100.0);
            let mut plain: Vec<Option<(f64, Rank)>> = vec![None; 40];
            for (slot, time, kind, is_set) in moves {
                let time = (time * 4.0).floor() / 4.0;
                let order = rank(kind, 0, slot);
                if is_set {
                    agenda.set(slot, time, order);
                    plain[slot as usize] = (time <= 100.0).then_some((time, order));
                } else {
                    agenda.clear(slot);
                    plain[slot as usize] = None;
                }
            }
            let mut expected: Vec<_> = plain.into_iter().flatten().collect();
            expected.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let mut found: Vec<(f64, Rank)> = vec![];
            while let Some(due) = agenda.peek() {
                let now = found.last().map_or(f64::NAN, |last| last.0);
                prop_assert_eq!(agenda.has_more_at(now), due.time == now);
                let coming = agenda.coming();
                prop_assert_eq!(coming[0], Some(due.slot));
                let left = expected.len() - found.len();
                prop_assert_eq!(coming.iter().flatten().count(), left.min(3));
                prop_assert_eq!(agenda.pop(), Some(due));
                found.push((due.time, due.rank));
            }
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn nothing_past_the_horizon_or_without_a_time_is_kept() {
        let mut agenda = Agenda::default();
        agenda.reset(2, 8, 10.0);
        agenda.set(0, 10.0, 0);
        agenda.set(1, f64::NAN, 0);
        assert_eq!(
            agenda.peek(),
            Some(Due {
                slot: 0,
                time: 10.0,
                rank: 0
            })
        );
        agenda.set(0, f64::INFINITY, 0);
        assert_eq!(agenda.peek(), None);
    }
}
