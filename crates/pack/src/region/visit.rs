use super::{Action, Number, Reference, Region, Strength, Target};

impl Region {
    /// Shows every number of the region to `visit`, with a name that says where it stands (`parameter `a.b` of `KAZ``).
    ///
    /// In the order of the maps. What holds a status without being a [`Number`] (sites, kinship, seasons) is left out.
    pub fn each_number<'r>(&'r self, visit: &mut dyn FnMut(String, &'r Number)) {
        for parameter in self.parameters.values() {
            visit_parameter("", parameter, visit);
        }
        for view in self.views.values() {
            view.parameters.values().for_each(|p| visit_parameter(&format!("view `{}`: ", view.id), p, visit));
        }
        for network in self.networks.values() {
            visit_network(network, visit);
        }
        for link in self.links.values() {
            let mut show = |what: &str, number| visit(format!("{what} of link `{}`", link.id), number);
            show("`scale`", &link.scale);
            link.lag.iter().for_each(|lag| show("`lag`", lag));
            if let Strength::Set(number) = &link.strength {
                show("`strength`", number);
            }
            if let Reference::Value(number) = &link.reference {
                show("`reference`", number);
            }
        }
        for organisation in self.organisations.values() {
            let of = |what: &str| format!("{what} of organisation `{}`", organisation.id);
            organisation.quota.iter().for_each(|quota| visit(of("`quota`"), quota));
            for member in &organisation.members {
                member.weight.iter().for_each(|weight| visit(of(&format!("the weight of `{}`", member.id)), weight));
            }
            for proposal in organisation.proposals.values() {
                for (member, position) in &proposal.positions {
                    visit(of(&format!("the position of `{member}` on `{}`", proposal.id)), position);
                }
                for (member, salience) in &proposal.salience {
                    visit(of(&format!("the salience for `{member}` of `{}`", proposal.id)), salience);
                }
            }
        }
        for scenario in self.scenarios.values() {
            for intervention in &scenario.interventions {
                if let (Action::Draw(number), Target::Parameter(name)) = (&intervention.action, &intervention.target) {
                    visit(format!("`set` of `{name}` in scenario `{}`", scenario.id), number);
                }
            }
        }
    }
}

fn visit_parameter<'r>(lead: &str, parameter: &'r super::Parameter, visit: &mut dyn FnMut(String, &'r Number)) {
    let id = &parameter.id;
    parameter.default.iter().for_each(|number| visit(format!("{lead}parameter `{id}`"), number));
    for (entity, number) in &parameter.entities {
        visit(format!("{lead}parameter `{id}` of `{entity}`"), number);
    }
}

fn visit_network<'r>(network: &'r super::Network, visit: &mut dyn FnMut(String, &'r Number)) {
    for node in network.nodes.values() {
        node.supply.iter().for_each(|number| visit(format!("`supply` of node `{}`", node.id), number));
        node.domestic.iter().for_each(|number| visit(format!("`domestic` of node `{}`", node.id), number));
    }
    for edge in network.edges.values() {
        visit(format!("`capacity` of edge `{}`", edge.id), &edge.capacity);
        edge.length_km.iter().for_each(|number| visit(format!("`length_km` of edge `{}`", edge.id), number));
        edge.cost.iter().for_each(|number| visit(format!("`cost` of edge `{}`", edge.id), number));
    }
    for contract in network.contracts.values() {
        let of = |what: &str| format!("{what} of contract `{}`", contract.id);
        for (year, number) in &contract.nominated {
            visit(of(&format!("the nomination for {year}")), number);
        }
        contract.take_or_pay.iter().for_each(|number| visit(of("`take_or_pay`"), number));
        contract.price.iter().for_each(|number| visit(of("`price`"), number));
    }
}
