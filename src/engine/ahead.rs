//! What the next entries of the agenda will look at, asked for before it is needed.
//!
//! A case is seldom still in the cache when its turn comes, and a look at it is then a wait for memory, as long as a
//! hundred steps of the machine. The agenda knows whose turn comes next: while one entry is dealt with, the memory of
//! those after it is on its way. It changes no result, only how long a replication takes; and it takes longer where
//! everything is at hand anyway, so that only large services look ahead.

use crate::engine::case::{Case, NOBODY};
use crate::engine::play::{Owner, Play};
use crate::engine::worker::Worker;

/// Asks for the line of the cache in which something begins.
#[inline(always)]
fn fetch<T>(what: &T) {
    prefetch_index::prefetch_index(std::slice::from_ref(what), 0);
}

impl Case {
    /// Asks for its three lines.
    #[inline(always)]
    fn fetch(&self) {
        fetch(&self.number);
        fetch(&self.identity);
        fetch(&self.withdraws_in);
    }
}

impl Worker {
    /// Asks for the lines that cases which come and go look at.
    #[inline(always)]
    fn fetch(&self) {
        fetch(&self.lines);
        fetch(&self.points);
        fetch(&self.since);
        fetch(&self.hours);
    }

    /// Asks for the lists that it keeps elsewhere, once its own lines are here.
    #[inline(always)]
    fn fetch_lists(&self) {
        let (held, hastened) = self.lines.heads();
        held.into_iter().for_each(fetch);
        hastened.into_iter().for_each(fetch);
    }
}

impl Play<'_> {
    /// Asks for the memory of those whose turn comes third, and for what those before them lead to.
    #[inline]
    pub(super) fn look_ahead(&self) {
        let board = &*self.board;
        let [first, second, third] = board.agenda.coming();
        match third.map(|slot| self.owner(slot)) {
            Some(Owner::Work(worker)) => self.worker(worker).fetch(),
            Some(Owner::Case(case) | Owner::Unit(case)) => self.case(case).fetch(),
            _ => {}
        }
        match second.map(|slot| self.owner(slot)) {
            Some(Owner::Work(worker)) => {
                let holder = self.worker(worker);
                if let Some(at) = board.cases.list.get(holder.due.0 as usize) {
                    at.fetch();
                    board.agenda.fetch(self.case_slot(holder.due.0));
                }
                holder.fetch_lists();
            }
            Some(Owner::Case(case)) => {
                let at = self.case(case);
                if at.worker != NOBODY {
                    self.worker(at.worker).fetch();
                    board.agenda.fetch(self.work_slot(at.worker));
                }
                self.fetch_family(at);
            }
            _ => {}
        }
        if let Some(Owner::Work(worker)) = first.map(|slot| self.owner(slot)) {
            let due = self.worker(worker).due.0;
            if let Some(at) = board.cases.list.get(due as usize) {
                self.fetch_family(at);
            }
        }
    }

    /// Asks for the family of a case, and its next child.
    #[inline(always)]
    fn fetch_family(&self, at: &Case) {
        let cases = &self.board.cases;
        if let Some(family) = cases.families.get(at.family as usize) {
            fetch(family);
        }
        if let Some(sibling) = cases.list.get(at.sibling as usize) {
            sibling.fetch();
        }
    }

    /// Asks for a unit that is about to be given out.
    #[inline]
    pub(super) fn fetch_unit(&self, unit: u32) {
        fetch(&self.board.units[unit as usize]);
        self.case(unit).fetch();
        self.board.agenda.fetch(self.case_slot(unit));
    }
}
