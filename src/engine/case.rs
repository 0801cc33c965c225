//! The cases and families of one replication: who is open, where, and how far each clock has run.
//!
//! Cases live in slots that are used again once a case can no longer return; a case's number, given
//! in order of arrival, is never used again. Everything points by index.

use crate::engine::demand::Demand;

/// Index that points nowhere.
pub(super) const NOBODY: u32 = u32::MAX;

/// Where a case is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Open without a worker.
    Waiting,
    /// Open with a worker.
    Held,
    /// Closed today; whether it returns is drawn at 24:00.
    Closed,
    /// Closed, and will return.
    Away,
    /// The slot is free.
    Free,
}

/// One case.
///
/// Its fields stand in the order in which they are used together, a line of the cache each: what its clocks and its
/// worker ask all the time; what is asked when it enters a stage or comes to a worker; what is asked while it waits and
/// when it comes or goes. With tens of thousands of cases a look at one is a wait for memory.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub(super) struct Case {
    /// Order of arrival: the case number.
    pub(super) number: u32,
    /// Worker slot.
    pub(super) worker: u32,
    /// With a worker: its line there, and what it asks.
    pub(super) line: u32,
    pub(super) demand: Demand,
    pub(super) stage: u16,
    pub(super) team: u16,
    /// Where the work leads, and the first risk that runs with the calendar.
    pub(super) work_next: u16,
    pub(super) risk_next: u16,
    pub(super) state: State,
    /// Its clocks run with the worker's; otherwise they stand still, and its own slot of the agenda keeps them.
    pub(super) is_running: bool,
    /// In handover: its worker has yet to take it up, and all its need is unmet.
    pub(super) is_in_handover: bool,
    /// On a manager's desk.
    pub(super) is_managed: bool,
    /// Has it had a worker in this spell?
    pub(super) was_allocated: bool,
    /// Waits apart from its siblings: the family could not be placed together.
    pub(super) is_split: bool,
    /// Work still to do at full speed [days]; while its clocks run with a worker, the worker's line has it, or, in a
    /// stage that is not paced, here is the time at which it is done.
    pub(super) work_left: f64,
    /// Time left of the first risk that runs with the calendar [days]; while the clocks run with a worker, the time at
    /// which it ends.
    pub(super) risk_left: f64,
    /// From when the clocks below `1 + k u` with `u = 1` have run [days].
    pub(super) since: f64,
    /// Integral of unmet need in this spell, up to `since` [days].
    pub(super) unmet: f64,

    /// Key of its streams: kind and number of its family, and its place there.
    pub(super) identity: u64,
    pub(super) family: u32,
    /// Next child of the family; [`NOBODY`] after the last.
    pub(super) sibling: u32,
    pub(super) spell: u32,
    /// Stages entered in this spell.
    pub(super) entries: u32,
    /// The person who had it last: serial number, or [`NOBODY`].
    pub(super) former: u32,
    /// The order of being received by a worker, among all.
    pub(super) received: u32,
    pub(super) handover_ends: f64,
    /// 24:00 of the last day in time for the stage to end, and for a worker to be found.
    pub(super) work_due: f64,
    pub(super) worker_due: f64,
    /// When a referral counts as still waiting; not a number for a case that is no new referral.
    pub(super) waiting_mark: f64,

    /// Time without a worker until it withdraws [days].
    pub(super) withdraws_in: f64,
    pub(super) waiting_since: f64,
    pub(super) spell_begins: f64,
    pub(super) referred_at: f64,
    /// Speed of the work while no worker's clock drives it: above 0 on a manager's desk alone [1]; and the direct work
    /// that it gets there [hours a week].
    pub(super) still_speed: f64,
    pub(super) managed_hours: f64,
    /// The case that stands for its unit on the waiting list.
    pub(super) unit: u32,
    /// Order of becoming unallocated, and times that it has.
    pub(super) sequence: u32,
    pub(super) waits: u32,
    /// Stage at which a family comes again that was screened out; otherwise the scenario's law says it.
    pub(super) again_at: Option<u16>,
}

// Three lines of the cache, and no more.
const _: () = assert!(size_of::<Case>() == 192);

impl Case {
    /// A case that is in the books and not yet open.
    #[inline]
    fn new(identity: u64, number: u32, family: u32, now: f64) -> Case {
        Case {
            identity,
            number,
            family,
            sibling: NOBODY,
            stage: 0,
            team: 0,
            state: State::Free,
            worker: NOBODY,
            former: NOBODY,
            spell: 0,
            entries: 0,
            waits: 0,
            was_allocated: false,
            line: 0,
            received: 0,
            demand: Demand::default(),
            is_running: false,
            work_left: f64::INFINITY,
            work_next: 0,
            risk_left: f64::INFINITY,
            risk_next: 0,
            still_speed: 0.0,
            is_in_handover: false,
            is_managed: false,
            managed_hours: 0.0,
            is_split: false,
            again_at: None,
            withdraws_in: f64::INFINITY,
            since: now,
            unmet: 0.0,
            spell_begins: now,
            waiting_since: now,
            handover_ends: 0.0,
            work_due: f64::INFINITY,
            worker_due: f64::INFINITY,
            waiting_mark: f64::NAN,
            referred_at: now,
            unit: NOBODY,
            sequence: 0,
        }
    }
}

/// One family.
#[derive(Clone, Copy, Debug)]
pub(super) struct Family {
    pub(super) first: u32,
    pub(super) children: u32,
    pub(super) area: u16,
}

/// All cases and families of a replication.
#[derive(Clone, Debug, Default)]
pub(super) struct Cases {
    pub(super) list: Vec<Case>,
    pub(super) families: Vec<Family>,
    /// Time left of each group of risks that unmet need hastens, [case x effects + effect], and where it leads; of
    /// cases in stages that have such.
    pub(super) hastened_left: Vec<f64>,
    pub(super) hastened_next: Vec<u16>,
    pub(super) effects: usize,
    free_cases: Vec<u32>,
    free_families: Vec<u32>,
    numbers: u32,
}

impl Cases {
    pub(super) fn reset(&mut self, effects: usize) {
        self.list.clear();
        self.families.clear();
        self.hastened_left.clear();
        self.hastened_next.clear();
        self.free_cases.clear();
        self.free_families.clear();
        self.effects = effects;
        self.numbers = 0;
    }

    /// A new family without children.
    pub(super) fn add_family(&mut self, area: u16) -> u32 {
        let family = Family {
            first: NOBODY,
            children: 0,
            area,
        };
        match self.free_families.pop() {
            Some(slot) => {
                self.families[slot as usize] = family;
                slot
            }
            None => {
                self.families.push(family);
                self.families.len() as u32 - 1
            }
        }
    }

    /// A new child of a family, last in its list, with the next case number.
    #[inline]
    pub(super) fn add_case(&mut self, family: u32, identity: u64, now: f64) -> u32 {
        let case = Case::new(identity, self.numbers, family, now);
        self.numbers += 1;
        let slot = match self.free_cases.pop() {
            Some(slot) => {
                self.list[slot as usize] = case;
                slot
            }
            None => {
                self.list.push(case);
                self.hastened_left
                    .resize(self.list.len() * self.effects, f64::INFINITY);
                self.hastened_next.resize(self.list.len() * self.effects, 0);
                self.list.len() as u32 - 1
            }
        };
        let entry = &mut self.families[family as usize];
        entry.children += 1;
        if entry.first == NOBODY {
            entry.first = slot;
        } else {
            let mut last = entry.first;
            while self.list[last as usize].sibling != NOBODY {
                last = self.list[last as usize].sibling;
            }
            self.list[last as usize].sibling = slot;
        }
        slot
    }

    /// Frees the slot of a case that cannot return, and its family's after the last child.
    #[inline]
    pub(super) fn free(&mut self, case: u32) {
        let (family, sibling) = {
            let gone = &mut self.list[case as usize];
            gone.state = State::Free;
            (gone.family, gone.sibling)
        };
        self.free_cases.push(case);
        let entry = &mut self.families[family as usize];
        entry.children -= 1;
        if entry.children == 0 {
            self.free_families.push(family);
        } else if entry.first == case {
            entry.first = sibling;
        } else {
            let mut at = entry.first;
            while self.list[at as usize].sibling != case {
                at = self.list[at as usize].sibling;
            }
            self.list[at as usize].sibling = sibling;
        }
    }

    /// First child of the family of a case, from which `sibling` leads on in order of number.
    pub(super) fn eldest(&self, case: u32) -> u32 {
        self.families[self.list[case as usize].family as usize].first
    }

    /// Children of the family of a case that are in the books.
    #[inline]
    pub(super) fn children(&self, case: u32) -> u32 {
        self.families[self.list[case as usize].family as usize].children
    }

    /// True where the family of a case has no other child in the books.
    pub(super) fn is_only_child(&self, case: u32) -> bool {
        self.children(case) == 1
    }
}
