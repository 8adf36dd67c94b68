//! What the frame alone decides: where a group's home and theatre are, over which provinces its men at home spread, who its fellows are.

use oxus_kernel::World;

/// Where a group's men abroad fight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Theatre {
    /// At home: nothing abroad moves them.
    Home,
    /// In this state.
    State(u32),
    /// In the contested states, from a sanctuary that is no state of the region.
    Contested,
}

/// A province in which a group's men at home may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub province: u32,
    pub people: f64,
    /// Whether it touches a province of the sanctuary.
    pub border: bool,
}

/// One group.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub home: Option<u32>,
    pub theatre: Theatre,
    pub places: Vec<Place>,
    /// Homes of its fellows: groups of the same movement that are at home elsewhere.
    pub fellows: Vec<u32>,
}

/// All groups, in the order of their axis.
pub(super) fn groups(world: &World) -> Vec<Group> {
    let axis = |name: &str| world.find(name).expect("internal: planning fails without the axes of the ports");
    let (group, state, province) = (axis("group"), axis("state"), axis("province"));
    let n = world.axis(group).len();
    let homes = world.map(group, state);
    let of_state = world.map(province, state);
    let of_power = world.find("power").and_then(|power| Some((power, world.map(province, power)?)));
    let people = world.numbers(province, "population");
    let touching = world.relation("adjacency-international");
    let text = |name: &str, g: usize| world.texts(group, name).map_or("", |t| t[g].as_str());
    let one = |g: usize| {
        let home = homes.as_ref().and_then(|m| m.to[g]);
        let sanctuary = world.axis(state).position(text("sanctuary", g)).map(|s| s as u32);
        let theatre = match sanctuary {
            Some(s) if home == Some(s) => Theatre::Home,
            Some(s) => Theatre::State(s),
            None => Theatre::Contested,
        };
        let members: Vec<usize> = match (home, &of_power) {
            (Some(s), _) => of_state.iter().flat_map(|m| m.members(s as usize)).collect(),
            (None, Some((power, map))) => world.axis(*power).position(text("home", g)).map_or_else(Vec::new, |p| map.members(p).collect()),
            (None, None) => Vec::new(),
        };
        let in_sanctuary = |p: u32| sanctuary.is_some() && sanctuary != home && of_state.as_ref().is_some_and(|m| m.to[p as usize] == sanctuary);
        let places = members.into_iter().map(|p| Place {
            province: p as u32,
            people: people.map_or(1.0, |n| n[p].max(1.0)),
            border: touching.is_some_and(|r| r.row(p).iter().any(|e| in_sanctuary(e.1))),
        });
        let of_fellow = |f: usize| homes.as_ref().and_then(|m| m.to[f]);
        let fellows = (0..n).filter(|&f| text("group", f) == text("group", g) && of_fellow(f) != home).filter_map(of_fellow);
        Group { home, theatre, places: places.collect(), fellows: fellows.collect() }
    };
    (0..n).map(one).collect()
}
