//! Who sits where, and what there is to decide, as the world gives it.

use oxus_kernel::{Map, World};

/// Proposal that decides on a crisis in a member state.
const CRISIS: &str = "crisis-response";
/// Proposal that pays out a pledged fund.
const FUND: &str = "development-fund";
/// Proposal of a procedure for disputes between members.
const SETTLEMENT: &str = "dispute-settlement";

/// One organisation.
pub(super) struct Organisation {
    /// Seats, positions on the axis `seat`.
    pub seats: Vec<usize>,
    /// Its rule by the pack, as a number.
    pub rule: f64,
    /// The proposal that decides on crises.
    pub crisis: Option<usize>,
    /// The proposal that pays out a fund.
    pub fund: Option<usize>,
    /// The proposal of a procedure for disputes.
    pub settlement: Option<usize>,
    /// Borders between two of its members.
    pub borders: Vec<usize>,
}

/// A member.
pub(super) struct Seat {
    pub state: Option<usize>,
    pub power: bool,
    /// Whether it is a member, by month.
    pub member: Vec<bool>,
}

/// Something to decide: its votes in the order of the organisation's seats.
pub(super) struct Proposal {
    pub organisation: usize,
    pub votes: Vec<usize>,
}

/// The fixed frame of the mechanism.
pub(super) struct Frame {
    pub organisations: Vec<Organisation>,
    /// Organisation of each seat.
    pub seat_of: Map,
    pub seats: Vec<Seat>,
    pub proposals: Vec<Proposal>,
    pub state_keys: Vec<u64>,
    pub organisation_keys: Vec<u64>,
}

impl Frame {
    /// Reads the frame; without the axes (planning reports them) it is empty.
    pub(super) fn new(world: &World) -> Self {
        let keys = |axis: &str| world.find(axis).map_or_else(Vec::new, |a| world.axis(a).keys.clone());
        let map = |from: &str, into: &str| -> Map { world.find(from).zip(world.find(into)).and_then(|(a, b)| world.map(a, b)).unwrap_or_default() };
        let texts = world.find("proposal").and_then(|a| world.texts(a, "proposal")).unwrap_or_default();
        let rules = world.find("organisation").and_then(|a| world.numbers(a, "rule")).unwrap_or_default();
        let profile = world.find("seat").and_then(|a| world.profile(a, "member")).unwrap_or_default();
        let (seat_of, proposal_of, vote_of, vote_by) =
            (map("seat", "organisation"), map("proposal", "organisation"), map("vote", "proposal"), map("vote", "seat"));
        let (states, powers) = (map("seat", "state"), map("seat", "power"));
        let between = world.relation("organisation-border");
        let organisations = (0..keys("organisation").len()).map(|o| {
            let named = |name: &str| proposal_of.members(o).find(|&p| texts.get(p).is_some_and(|t| t == name));
            Organisation {
                seats: seat_of.members(o).collect(),
                rule: rules.get(o).copied().unwrap_or(0.0),
                crisis: named(CRISIS),
                fund: named(FUND),
                settlement: named(SETTLEMENT),
                borders: between.map_or_else(Vec::new, |r| r.row(o).iter().map(|e| e.1 as usize).collect()),
            }
        });
        let organisations: Vec<Organisation> = organisations.collect();
        let seats = (0..seat_of.to.len()).map(|s| Seat {
            state: states.to.get(s).copied().flatten().map(|x| x as usize),
            power: powers.to.get(s).is_some_and(Option::is_some),
            member: profile.get(s).map_or_else(Vec::new, |months| months.iter().map(|m| *m > 0.5).collect()),
        });
        let proposals = (0..proposal_of.to.len()).filter_map(|p| {
            let organisation = proposal_of.to[p]? as usize;
            let vote = |&seat: &usize| vote_of.members(p).find(|&v| vote_by.to[v] == Some(seat as u32));
            Some(Proposal { organisation, votes: organisations[organisation].seats.iter().filter_map(vote).collect() })
        });
        Self {
            seats: seats.collect(),
            seat_of,
            proposals: proposals.collect(),
            state_keys: keys("state"),
            organisation_keys: keys("organisation"),
            organisations,
        }
    }

    /// The seat that a state holds in an organisation in a month, if it is a member.
    pub(super) fn seat_of(&self, organisation: usize, state: usize, month: usize) -> Option<usize> {
        let held = |&&s: &&usize| self.seats[s].state == Some(state) && self.sits(s, month);
        self.organisations[organisation].seats.iter().find(held).copied()
    }

    /// Whether the holder of a seat is a member in a month.
    pub(super) fn sits(&self, seat: usize, month: usize) -> bool {
        self.seats[seat].member.get(month).copied().unwrap_or(false)
    }
}
