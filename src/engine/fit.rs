//! Whom a unit fits: what it adds to a worker, and what the limit says to that.

use crate::engine::case::NOBODY;
use crate::engine::play::{Place, Play};
use crate::policy::choices::Choices;
use crate::policy::discussion::Discussion;
use crate::policy::limit::{Level, Limit, Measure, Mix, Most, is_within};

/// What is asked: a unit, and how it may be given.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question {
    pub(super) unit: u32,
    /// What its first child and all its children add to a worker who holds none of the family.
    pub(super) adds: (f64, f64),
    /// It has brothers or sisters in the books, so that what it adds may differ from worker to worker.
    pub(super) has_siblings: bool,
    /// Greatest weight of its stages [points].
    pub(super) weight: f64,
    /// Loads and limits summed, where the limit is one of means.
    pub(super) sums: Option<(f64, f64)>,
    /// The limit is not held to: everyone may take one more.
    pub(super) is_open: bool,
    /// Given to someone whatever the limit.
    pub(super) regardless: bool,
    /// Whether someone who declined is passed over.
    pub(super) is_discussed: bool,
}

impl Play<'_> {
    /// True where the limit of a team holds: there is one, and it has not lapsed. An advisory limit holds too: those
    /// under it are asked first, and only a unit that fits nobody is allocated over it, at once.
    pub(super) fn holds_to_limit(&self, team: u16) -> bool {
        self.choices(team).limit.is_some() && !self.board.lapsed[team as usize]
    }

    /// True where it is the limit that keeps a unit waiting: there are workers who may be asked, and it fits none.
    /// Where nobody may be asked, or where someone could take it, a limit plays no part.
    pub(super) fn is_kept_by_limit(&mut self, unit: u32, team: u16) -> bool {
        let question = self.question(unit, team, None);
        if question.is_open {
            return false;
        }
        let choices = self.choices(team);
        let workers = &self.roster.team_workers[team as usize];
        let mut may_be_asked = workers
            .iter()
            .filter(|worker| self.board.places[**worker as usize].limit >= 0.0)
            .peekable();
        may_be_asked.peek().is_some()
            && may_be_asked.all(|worker| !self.fits(&question, choices, *worker))
    }

    pub(super) fn question(
        &mut self,
        unit: u32,
        team: u16,
        discussion: Option<Discussion>,
    ) -> Question {
        let choices = self.choices(team);
        let has_siblings = !self.board.cases.is_only_child(unit);
        let mut children = std::mem::take(&mut self.board.asked);
        children.clear();
        if has_siblings {
            children.extend(self.waiting_in(unit));
        } else {
            children.push(unit);
        }
        let weights = children
            .iter()
            .map(|c| self.world.stages[self.case(*c).stage as usize].weight);
        let weight = weights.fold(0.0, f64::max);
        let limit = choices.limit.as_ref();
        let adds = match limit {
            Some(limit) => self.adds_alone(children.iter().copied(), limit.measure),
            None => (0.0, 0.0),
        };
        let sums = limit.and_then(|limit| self.sums(limit, team));
        self.board.asked = children;
        if discussion.is_some() {
            self.board.declined.fill(false);
        }
        Question {
            unit,
            adds,
            has_siblings,
            weight,
            sums,
            is_open: !self.holds_to_limit(team),
            regardless: false,
            is_discussed: discussion.is_some(),
        }
    }

    /// Loads and limits summed over the workers in post, absent or leaving too, where the limit is one of means.
    fn sums(&self, limit: &Limit, team: u16) -> Option<(f64, f64)> {
        let team = match limit.level {
            Level::Worker => return None,
            Level::TeamMean => Some(team),
            Level::ServiceMean => None,
        };
        let mut sums = (0.0, 0.0);
        for (slot, worker) in self.board.workers.iter().enumerate() {
            if worker.is_present && team.is_none_or(|team| worker.team == team) {
                sums.0 += self.load_of(slot as u32);
                sums.1 += self.limit_of(slot as u32);
            }
        }
        Some(sums)
    }

    /// What cases of one family add to a worker who holds none of it: the first, and all of them.
    #[inline]
    pub(super) fn adds_alone(
        &self,
        children: impl IntoIterator<Item = u32>,
        measure: Measure,
    ) -> (f64, f64) {
        let table = |case: u32| &self.world.stages[self.case(case).stage as usize];
        let mut children = children.into_iter();
        let Some(first) = children.next() else {
            return (0.0, 0.0);
        };
        match measure {
            Measure::Cases => (1.0, 1.0 + children.count() as f64),
            Measure::Families => (1.0, 1.0),
            Measure::Points => {
                let more: f64 = children.map(|case| table(case).weight).sum();
                (table(first).weight, table(first).weight + more)
            }
            Measure::Hours => {
                let more: f64 = children.map(|case| table(case).sibling_hours).sum();
                (table(first).hours, table(first).hours + more)
            }
        }
    }

    /// What cases of one family add to a worker, in the measure of its limit: the first, and all of them. A family of
    /// which the worker holds a child is no further family, and its first child alone needs its hours in full.
    pub(super) fn adds(&self, children: &[u32], worker: u32) -> (f64, f64) {
        let holder = self.worker(worker);
        let limit = self.choices(holder.team).limit.as_ref();
        let measure = limit.map_or(Measure::Cases, |limit| limit.measure);
        let adds = self.adds_alone(children.iter().copied(), measure);
        let Some(first) = children.first() else {
            return adds;
        };
        if self.board.cases.is_only_child(*first) {
            return adds;
        }
        let number = self.case(*first).number;
        let mut eldest = self.board.cases.eldest(*first);
        while eldest != NOBODY && self.case(eldest).worker != worker {
            eldest = self.case(eldest).sibling;
        }
        if eldest == NOBODY {
            return adds;
        }
        // What the first of a family here asks more than the others.
        let more = |case: u32| {
            let table = &self.world.stages[self.case(case).stage as usize];
            table.hours - table.sibling_hours
        };
        match measure {
            Measure::Cases | Measure::Points => adds,
            Measure::Families => (0.0, 0.0),
            Measure::Hours if self.case(eldest).number < number => {
                (adds.0 - more(*first), adds.1 - more(*first))
            }
            Measure::Hours => (adds.0 - more(eldest), adds.1 - more(eldest)),
        }
    }

    /// True where cases of one family fit a newcomer's own limit, their kind of work and the limits of means left
    /// aside: they come from the worker who covered the post.
    pub(super) fn fits_alone(&self, worker: u32, place: Place, adds: (f64, f64)) -> bool {
        let limit = self.choices(self.worker(worker).team).limit.as_ref();
        limit.is_none_or(|limit| limit.holds(place.load, place.limit, adds.0, adds.1))
    }

    /// True where a worker may take a unit under the limit.
    pub(super) fn fits(&self, question: &Question, choices: &Choices, worker: u32) -> bool {
        let Some(limit) = &choices.limit else {
            return true;
        };
        let (first, whole) = if question.has_siblings {
            self.adds(&self.board.asked, worker)
        } else {
            question.adds
        };
        let place = self.board.places[worker as usize];
        let (load, most) = question.sums.unwrap_or((place.load, place.limit));
        limit.holds(load, most, first, whole)
            && limit
                .mix
                .iter()
                .all(|mix| self.mix_holds(limit, mix, worker))
    }

    /// True where the cases asked about fit a worker's limit on one kind of work: as for the whole, the first of them,
    /// and all of them where a family may not pass the limit.
    fn mix_holds(&self, limit: &Limit, mix: &Mix, worker: u32) -> bool {
        let counts = |case: u32| {
            let stage = self.case(case).stage as usize;
            if !mix.stages.get(stage).copied().unwrap_or(false) {
                return 0.0;
            }
            match mix.most {
                Most::Cases(_) => 1.0,
                Most::ShareOfPoints(_) => self.world.stages[stage].weight,
            }
        };
        let holder = self.worker(worker);
        let held: f64 = holder.held().map(counts).sum();
        let most = limit.most_of_mix(mix, &holder.for_limit());
        let children = &self.board.asked;
        let first = children.first().map_or(0.0, |case| counts(*case));
        let whole: f64 = children.iter().map(|case| counts(*case)).sum();
        let overshoot = limit.family_overshoot;
        (first == 0.0 || is_within(held + first, most))
            && (whole == 0.0
                || overshoot.is_none_or(|overshoot| is_within(held + whole, most + overshoot)))
    }

    /// True where some worker of a team has room for the least that a unit may add.
    pub(super) fn has_room(&self, team: u16) -> bool {
        let choices = self.choices(team);
        let least = match &choices.limit {
            Some(limit) if self.holds_to_limit(team) && limit.level == Level::Worker => {
                match limit.measure {
                    Measure::Cases => 1.0,
                    Measure::Points => self.world.least_weight,
                    Measure::Families | Measure::Hours => f64::NEG_INFINITY,
                }
            }
            _ => f64::NEG_INFINITY,
        };
        // Whoever stands on the ladder has room for the least that a unit adds.
        if least > f64::NEG_INFINITY && self.first_on_ladder(team).is_some() {
            return true;
        }
        let workers = self.roster.team_workers[team as usize].iter();
        workers
            .map(|worker| self.board.places[*worker as usize])
            .any(|place| place.limit >= 0.0 && is_within(place.load + least, place.limit))
    }
}
