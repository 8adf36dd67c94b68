//! The frame of a region: axes, containment, relations, attributes and profiles for the kernel.

mod organisation;
mod route;
mod trade;

use std::collections::BTreeMap;

use oxus_kernel::{AxisId, World};
use oxus_pack::region::{Contract, Crossing, Edge, Group, Indexation, Network, Node, Region, Season, Site, SiteKind, State, StateRole};
use oxus_units::Month;

/// Builds the frame; the axes and their attributes are those of `docs/book/axes.md`.
pub fn frame(region: &Region) -> World {
    let first = region.identity.origin.plus(1);
    let months = region.identity.last.since(first) + 1;
    let mut world = World::new(first, usize::try_from(months).unwrap_or(0));
    let places = Places::add(&mut world, region);
    sites(&mut world, region, &places);
    groups(&mut world, region, &places);
    organisation::organisations(&mut world, region, &places);
    route::routes(&mut world, region, &places);
    trade::trade(&mut world, region, &places);
    for network in region.networks.values() {
        network_axes(&mut world, network, &places);
    }
    corridor_relations(&mut world, region, &places);
    world
}

/// Positions of the entities that others refer to.
struct Places {
    state: AxisId,
    power: AxisId,
    province: AxisId,
    corridor: AxisId,
    states: BTreeMap<String, u32>,
    powers: BTreeMap<String, u32>,
    provinces: BTreeMap<String, u32>,
    corridors: BTreeMap<String, u32>,
}

fn positions(ids: &[String]) -> BTreeMap<String, u32> {
    ids.iter().enumerate().map(|(i, id)| (id.clone(), i as u32)).collect()
}

impl Places {
    fn add(world: &mut World, region: &Region) -> Self {
        let of = |role| region.states.values().filter(move |s| s.role == role).map(|s| s.id.clone()).collect::<Vec<_>>();
        let (states, powers) = (of(StateRole::State), of(StateRole::Power));
        let simulated = |state: &str| states.iter().chain(&powers).any(|s| s == state);
        let provinces: Vec<String> = region.provinces.values().filter(|p| simulated(&p.state.id)).map(|p| p.id.clone()).collect();
        let mut corridors: Vec<String> = region.networks.values().flat_map(|n| n.edges.values()).filter_map(|e| e.corridor.clone()).collect();
        corridors.sort();
        corridors.dedup();
        let places = Self {
            state: world.add_axis("state", states.clone()),
            power: world.add_axis("power", powers.clone()),
            province: world.add_axis("province", provinces.clone()),
            corridor: world.add_axis("corridor", corridors.clone()),
            states: positions(&states),
            powers: positions(&powers),
            provinces: positions(&provinces),
            corridors: positions(&corridors),
        };
        places.state_attributes(world, region, &states);
        places.province_attributes(world, region, &provinces);
        places.pairs(world, region, &states, &powers);
        places
    }

    fn state_attributes(&self, world: &mut World, region: &Region, states: &[String]) {
        let number = |f: &dyn Fn(&State) -> Option<f64>| states.iter().map(|s| region.states.get(s).and_then(f).unwrap_or(0.0)).collect::<Vec<_>>();
        world.add_number(self.state, "population", number(&|s| s.population_mn.map(|x| x * 1e6)));
        world.add_number(self.state, "gdp", number(&|s| s.gdp_usd_bn.map(|x| x * 1e3)));
        world.add_text(self.state, "name", states.iter().map(|s| region.states[s].name.clone()).collect());
    }

    fn province_attributes(&self, world: &mut World, region: &Region, provinces: &[String]) {
        let rows: Vec<_> = provinces.iter().map(|p| &region.provinces[p]).collect();
        world.add_map(self.province, self.state, rows.iter().map(|p| self.states.get(&p.state.id).copied()).collect());
        world.add_map(self.province, self.power, rows.iter().map(|p| self.powers.get(&p.state.id).copied()).collect());
        world.add_number(self.province, "population", rows.iter().map(|p| p.population_k.unwrap_or(0.0) * 1e3).collect());
        world.add_text(self.province, "name", rows.iter().map(|p| p.name.clone()).collect());
        let both = |international: bool| {
            let mut entries = Vec::new();
            for pair in &region.adjacency {
                let touches = !international || pair.kind == Crossing::International;
                if let (Some(&a), Some(&b), true) = (self.provinces.get(&pair.a.id), self.provinces.get(&pair.b.id), touches) {
                    entries.extend([(a, b, 1.0), (b, a, 1.0)]);
                }
            }
            entries
        };
        world.add_relation("adjacency", self.province, self.province, both(false));
        world.add_relation("adjacency-international", self.province, self.province, both(true));
        let mut kin = Vec::new();
        for tie in &region.kinship {
            if let (Some(&a), Some(&b)) = (self.provinces.get(&tie.a.id), self.provinces.get(&tie.b.id)) {
                kin.extend([(a, b, tie.weight), (b, a, tie.weight)]);
            }
        }
        world.add_relation("kinship", self.province, self.province, kin);
    }

    fn pairs(&self, world: &mut World, region: &Region, states: &[String], powers: &[String]) {
        let mut touching = Vec::new();
        let mut borders = Vec::new();
        for border in &region.borders {
            if let (Some(&a), Some(&b)) = (self.states.get(&border.a.id), self.states.get(&border.b.id)) {
                touching.extend([(a, b, 1.0), (b, a, 1.0)]);
                borders.push((format!("{}-{}", border.a.id, border.b.id), a, b));
            }
        }
        world.add_relation("borders", self.state, self.state, touching);
        borders.sort();
        let border = world.add_axis("border", borders.iter().map(|b| b.0.clone()).collect());
        let sides = borders.iter().enumerate().flat_map(|(i, b)| [(i as u32, b.1, 1.0), (i as u32, b.2, 1.0)]).collect();
        world.add_relation("border-state", border, self.state, sides);
        let cells = powers.iter().flat_map(|p| states.iter().map(move |s| (p, s)));
        let power_state = world.add_axis("power_state", cells.clone().map(|(p, s)| format!("{p}.{s}")).collect());
        world.add_map(power_state, self.power, cells.clone().map(|(p, _)| self.powers.get(p).copied()).collect());
        world.add_map(power_state, self.state, cells.map(|(_, s)| self.states.get(s).copied()).collect());
    }
}

fn valid(from: Option<Month>, to: Option<Month>, world: &World) -> Vec<f64> {
    let within = |t: usize| {
        let month = world.first().plus(t as i32);
        from.is_none_or(|f| f <= month) && to.is_none_or(|l| month <= l)
    };
    (0..world.months()).map(|t| f64::from(u8::from(within(t)))).collect()
}

fn sites(world: &mut World, region: &Region, places: &Places) {
    let rows: Vec<_> = region.sites.values().filter(|s| places.states.contains_key(&s.state.id)).collect();
    let axis = world.add_axis("site", rows.iter().map(|s| s.id.clone()).collect());
    world.add_map(axis, places.province, rows.iter().map(|s| places.provinces.get(&s.province.id).copied()).collect());
    world.add_map(axis, places.state, rows.iter().map(|s| places.states.get(&s.state.id).copied()).collect());
    let owner = |s: &Site| s.owner.as_ref().map(|o| o.id.clone()).unwrap_or_default();
    world.add_map(axis, places.power, rows.iter().map(|s| places.powers.get(&owner(s)).copied()).collect());
    world.add_number(axis, "value", rows.iter().map(|s| s.value_usd_mn.unwrap_or(0.0)).collect());
    world.add_number(axis, "employees", rows.iter().map(|s| s.employees.unwrap_or(0.0)).collect());
    world.add_number(axis, "foreign_staff_share", rows.iter().map(|s| s.foreign_staff_share.unwrap_or(0.0)).collect());
    world.add_text(axis, "kind", rows.iter().map(|s| site_kind(s.kind).to_owned()).collect());
    world.add_text(axis, "owner", rows.iter().map(|s| owner(s)).collect());
    world.add_text(axis, "state", rows.iter().map(|s| s.state.id.clone()).collect());
    world.add_text(axis, "commodity", rows.iter().map(|s| s.commodity.clone().unwrap_or_default()).collect());
    let company = |s: &&Site| s.company.as_ref().map(|c| c.id.clone()).unwrap_or_default();
    world.add_text(axis, "company", rows.iter().map(company).collect());
    let exists: Vec<_> = rows.iter().map(|s| valid(s.valid_from, s.valid_to, world)).collect();
    // a site that does not produce at the origin and opens later produces from its opening
    let opens_later = |s: &Site| s.valid_from.is_some_and(|m| m > region.identity.origin);
    let runs = rows.iter().zip(&exists).map(|(s, exists)| {
        let producing = s.producing.unwrap_or(false) || opens_later(s);
        exists.iter().map(|v| v * f64::from(u8::from(producing))).collect()
    });
    let runs: Vec<Vec<f64>> = runs.collect();
    world.add_profile(axis, "producing", runs);
    world.add_profile(axis, "valid", exists);
}

fn site_kind(kind: SiteKind) -> &'static str {
    match kind {
        SiteKind::Mine => "mine",
        SiteKind::Oilfield => "oilfield",
        SiteKind::Gasfield => "gasfield",
        SiteKind::Refinery => "refinery",
        SiteKind::Base => "base",
        SiteKind::Post => "post",
        SiteKind::Works => "works",
        SiteKind::Hub => "hub",
    }
}

fn groups(world: &mut World, region: &Region, places: &Places) {
    let rows: Vec<_> = region.groups.values().collect();
    let axis = world.add_axis("group", rows.iter().map(|g| g.id.clone()).collect());
    world.add_map(axis, places.state, rows.iter().map(|g| places.states.get(&g.home.id).copied()).collect());
    world.add_map(axis, places.power, rows.iter().map(|g| places.powers.get(&g.home.id).copied()).collect());
    world.add_text(axis, "group", rows.iter().map(|g| g.group.clone()).collect());
    world.add_text(axis, "home", rows.iter().map(|g| g.home.id.clone()).collect());
    let sanctuary = |g: &&Group| g.sanctuary.as_ref().map(|s| s.id.clone()).unwrap_or_default();
    world.add_text(axis, "sanctuary", rows.iter().map(sanctuary).collect());
}

fn network_axes(world: &mut World, network: &Network, places: &Places) {
    let c = &network.commodity;
    let nodes: Vec<String> = network.nodes.keys().cloned().collect();
    let at = positions(&nodes);
    let node = world.add_axis(&format!("{c}.node"), nodes);
    let rows: Vec<_> = network.nodes.values().collect();
    world.add_map(node, places.state, rows.iter().map(|n| places.states.get(&n.state.id).copied()).collect());
    let province = |n: &&Node| n.province.as_ref().and_then(|p| places.provinces.get(&p.id).copied());
    world.add_map(node, places.province, rows.iter().map(province).collect());
    world.add_text(node, "state", rows.iter().map(|n| n.state.id.clone()).collect());
    let kind = |n: &&Node| match (&n.supply, &n.domestic) {
        (Some(_), Some(_)) => "both",
        (Some(_), None) => "supply",
        (None, Some(_)) => "demand",
        (None, None) => "junction",
    };
    world.add_text(node, "kind", rows.iter().map(|n| kind(n).to_owned()).collect());
    let seasonal = |season: Option<&Season>, world: &World| -> Vec<f64> {
        (0..world.months()).map(|t| season.map_or(1.0, |s| s.by_month[world.season(t)])).collect()
    };
    let demand: Vec<_> = rows.iter().map(|n| seasonal(n.domestic_season.as_ref().or(network.season.as_ref()), world)).collect();
    let supply: Vec<_> = rows.iter().map(|n| seasonal(n.supply_season.as_ref(), world)).collect();
    world.add_profile(node, "season", demand);
    world.add_profile(node, "supply_season", supply);
    edges(world, network, places, &at);
    contracts(world, network, places, &at, &seasonal);
}

fn edges(world: &mut World, network: &Network, places: &Places, node: &BTreeMap<String, u32>) {
    let c = &network.commodity;
    let rows: Vec<&Edge> = network.edges.values().collect();
    let axis = world.add_axis(&format!("{c}.edge"), rows.iter().map(|e| e.id.clone()).collect());
    let corridor = |e: &&Edge| e.corridor.as_ref().and_then(|c| places.corridors.get(c).copied());
    world.add_map(axis, places.corridor, rows.iter().map(corridor).collect());
    ends(world, axis, rows.iter().map(|e| (e.from.id.as_str(), e.to.id.as_str())), node);
    let crossed =
        rows.iter().enumerate().flat_map(|(i, e)| e.provinces.iter().filter_map(move |p| places.provinces.get(&p.id).map(|&p| (i as u32, p, 1.0))));
    let crossed = crossed.collect();
    world.add_relation(&format!("{c}.edge-province"), axis, places.province, crossed);
    let exists = rows.iter().map(|e| valid(e.valid_from, e.valid_to, world)).collect();
    world.add_profile(axis, "valid", exists);
}

/// Provinces and states that the edges of each corridor cross, over all networks.
fn corridor_relations(world: &mut World, region: &Region, places: &Places) {
    let (mut provinces, mut states) = (Vec::new(), Vec::new());
    for edge in region.networks.values().flat_map(|n| n.edges.values()) {
        let Some(&corridor) = edge.corridor.as_ref().and_then(|c| places.corridors.get(c)) else { continue };
        for province in &edge.provinces {
            provinces.extend(places.provinces.get(&province.id).map(|&p| (corridor, p)));
            let state = region.provinces.get(&province.id).and_then(|p| places.states.get(&p.state.id));
            states.extend(state.map(|&s| (corridor, s)));
        }
    }
    for (name, columns, mut pairs) in [("corridor-province", places.province, provinces), ("corridor-state", places.state, states)] {
        pairs.sort_unstable();
        pairs.dedup();
        world.add_relation(name, places.corridor, columns, pairs.into_iter().map(|(a, b)| (a, b, 1.0)).collect());
    }
}

fn ends<'a>(world: &mut World, axis: AxisId, pairs: impl Iterator<Item = (&'a str, &'a str)>, node: &BTreeMap<String, u32>) {
    let (from, to): (Vec<&str>, Vec<&str>) = pairs.unzip();
    let number = |ids: &[&str]| ids.iter().map(|id| node.get(*id).map_or(f64::NAN, |&i| f64::from(i))).collect::<Vec<_>>();
    world.add_number(axis, "from", number(&from));
    world.add_number(axis, "to", number(&to));
    world.add_text(axis, "from", from.iter().map(|s| (*s).to_owned()).collect());
    world.add_text(axis, "to", to.iter().map(|s| (*s).to_owned()).collect());
}

fn contracts(
    world: &mut World,
    network: &Network,
    places: &Places,
    node: &BTreeMap<String, u32>,
    seasonal: &dyn Fn(Option<&Season>, &World) -> Vec<f64>,
) {
    let c = &network.commodity;
    let rows: Vec<&Contract> = network.contracts.values().collect();
    let axis = world.add_axis(&format!("{c}.contract"), rows.iter().map(|k| k.id.clone()).collect());
    world.add_map(axis, places.state, rows.iter().map(|k| places.states.get(&k.seller.id).copied()).collect());
    ends(world, axis, rows.iter().map(|k| (k.from.id.as_str(), k.to.id.as_str())), node);
    world.add_number(axis, "priority", rows.iter().map(|k| f64::from(k.priority)).collect());
    world.add_text(axis, "seller", rows.iter().map(|k| k.seller.id.clone()).collect());
    world.add_text(axis, "buyer", rows.iter().map(|k| k.buyer.id.clone()).collect());
    let index = |k: &&Contract| match k.indexed_to {
        Indexation::Oil => "oil",
        Indexation::Russia => "russia",
        Indexation::Fixed => "fixed",
    };
    world.add_text(axis, "indexed_to", rows.iter().map(|k| index(k).to_owned()).collect());
    let nominated = rows.iter().map(|k| {
        let season = seasonal(k.season.as_ref(), world);
        let exists = valid(k.valid_from, k.valid_to, world);
        (0..world.months()).map(|t| nomination(k, world.first().plus(t as i32)) * season[t] * exists[t]).collect()
    });
    let nominated = nominated.collect();
    world.add_profile(axis, "nominated", nominated);
}

/// Nominated volume at yearly rate: the central values stand at mid-year, linear between, held outside.
fn nomination(contract: &Contract, month: Month) -> f64 {
    let now = f64::from(month.year()) + (f64::from(month.month()) - 0.5) / 12.0;
    let points: Vec<(f64, f64)> = contract.nominated.iter().map(|(y, n)| (f64::from(*y) + 0.5, n.value.mean())).collect();
    let after = points.partition_point(|p| p.0 <= now);
    match (after.checked_sub(1).map(|i| points[i]), points.get(after)) {
        (Some((x0, y0)), Some(&(x1, y1))) => y0 + (y1 - y0) * (now - x0) / (x1 - x0),
        (Some((_, y)), None) | (None, Some(&(_, y))) => y,
        (None, None) => 0.0,
    }
}
