//! Where each worker stands in the eyes of allocation: load, limit, and the rung on the team's ladder.

use crate::engine::play::{Place, Play, Rules};
use crate::policy::allocation::{Allocation, Load};
use crate::policy::limit::{Level, Measure, Value, is_within};

impl Play<'_> {
    /// Works out what the choices of a team come to, as they hold now.
    pub(super) fn set_rules(&mut self, team: u16) {
        let choices = self.choices(team);
        let limit = choices.limit.as_ref();
        let measure = limit.map_or(Measure::Cases, |limit| limit.measure);
        let room_for = match limit {
            Some(limit) if self.holds_to_limit(team) && limit.level == Level::Worker => {
                match measure {
                    Measure::Cases | Measure::Families => 1.0,
                    Measure::Points => self.world.least_weight,
                    Measure::Hours => self.world.least_hours,
                }
            }
            _ => f64::NEG_INFINITY,
        };
        let is_numbered = limit.is_some_and(|limit| limit.value != Value::Unlimited);
        let by_points = choices.allocation == Allocation::LeastLoaded { by: Load::Points };
        let is_by_ratio = matches!(choices.allocation, Allocation::LeastLoaded { .. });
        let is_held_to = self.holds_to_limit(team);
        let is_simple = limit.is_none_or(|limit| {
            limit.level == Level::Worker && limit.mix.is_empty() && limit.tolerates.is_none()
        });
        let is_simple = is_simple && choices.discussion.is_none();
        let ranks_by = match (is_numbered, by_points) {
            (true, _) => measure,
            (false, true) => Measure::Points,
            (false, false) => Measure::Cases,
        };
        let weighs = |measure| matches!(measure, Measure::Points | Measure::Hours);
        self.board.rules[team as usize] = Rules {
            measure,
            ranks_by,
            weighs_stages: weighs(measure) || weighs(ranks_by),
            room_for,
            is_by_ratio,
            is_held_to,
            is_plain: is_by_ratio && is_simple && self.phase.manager_holds.is_none(),
            shares_room: limit.is_some_and(|limit| limit.level == Level::ServiceMean),
            lends: choices.lend_after_working_days.is_some(),
            sheds: limit.is_some_and(|limit| limit.tolerates.is_some()),
        };
        let rules = &self.board.rules;
        self.shares_room = rules.iter().any(|rules| rules.shares_room || rules.lends);
        self.sheds = rules.iter().any(|rules| rules.sheds);
    }

    /// Load, limit and ratio of a worker as allocation sees them, after the person or the choices changed.
    pub(super) fn place(&mut self, worker: u32) {
        let holder = self.worker(worker);
        let choices = self.choices(holder.team);
        let limit = if holder.may_be_asked() {
            self.limit_of(worker)
        } else {
            -1.0
        };
        let size = match &choices.limit {
            Some(limit) if limit.value != Value::Unlimited => limit.yardstick(&holder.for_limit()),
            _ => holder.fte * holder.ramp_limit,
        };
        let place = &mut self.board.places[worker as usize];
        place.limit = limit;
        place.size = size;
        self.replace(worker);
    }

    /// The same after its load alone changed.
    #[inline]
    pub(super) fn replace(&mut self, worker: u32) {
        let board = &mut *self.board;
        let holder = &board.workers[worker as usize];
        let team = holder.team as usize;
        let rules = &board.rules[team];
        let place = &mut board.places[worker as usize];
        let points = self.world.points;
        place.load = holder.load(rules.measure, points);
        let ranked = if rules.ranks_by == rules.measure {
            place.load
        } else {
            holder.load(rules.ranks_by, points)
        };
        place.ratio = if place.limit >= 0.0 && place.size > 0.0 {
            ranked / place.size
        } else {
            f64::INFINITY
        };
        let rung = self.roster.rungs[worker as usize] as usize;
        board.ladders[team].set(rung, key(place, rules));
        if holder.excused > 0.0 {
            self.excuse_less(worker);
        }
    }

    /// What the last allocations put above the limit is no more than what is above it now.
    #[cold]
    fn excuse_less(&mut self, worker: u32) {
        let excess = self.load_of(worker) - self.limit_of(worker);
        let holder = self.worker_mut(worker);
        holder.excused = holder.excused.min(excess.max(0.0));
    }

    /// The limit of a team lapses or holds again: all its workers have room, or only some.
    pub(super) fn reclimb(&mut self, team: u16) {
        self.set_rules(team);
        let roster = self.roster;
        let board = &mut *self.board;
        let rules = &board.rules[team as usize];
        let ladder = &mut board.ladders[team as usize];
        for (rung, worker) in roster.team_workers[team as usize].iter().enumerate() {
            ladder.set(rung, key(&board.places[*worker as usize], rules));
        }
    }

    /// The first of the least loaded of a team of those who may have room for one more case, or family.
    #[inline(always)]
    pub(super) fn first_on_ladder(&self, team: u16) -> Option<u32> {
        let rung = self.board.ladders[team as usize].first()?;
        Some(self.roster.team_workers[team as usize][rung])
    }

    /// A worker's load in the measure of its limit; in cases without one.
    pub(super) fn load_of(&self, worker: u32) -> f64 {
        let holder = self.worker(worker);
        let measure = self.board.rules[holder.team as usize].measure;
        holder.load(measure, self.world.points)
    }

    /// A worker's limit in its own measure (hours: hours a week); infinity without one.
    pub(super) fn limit_of(&self, worker: u32) -> f64 {
        let holder = self.worker(worker);
        let limit = self.choices(holder.team).limit.as_ref();
        limit.map_or(f64::INFINITY, |limit| limit.of_worker(&holder.for_limit()))
    }
}

/// Key of a worker on the ladder of its team: its ratio where it may have room, otherwise infinity.
#[inline(always)]
fn key(place: &Place, rules: &Rules) -> f64 {
    if place.limit >= 0.0 && is_within(place.load + rules.room_for, place.limit) {
        place.ratio
    } else {
        f64::INFINITY
    }
}
