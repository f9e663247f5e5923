//! What stands around the list: by whom and what it can be narrowed.

use crate::{Desk, Result, entities::people, roles_from_words};
use sea_orm::{EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use workflow::state::Seat;

/// Someone who can hold a seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    pub username: String,
    pub name: String,
}

/// What stands around the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// Everyone who can hold a seat, by name.
    pub staff: Vec<Holding>,
}

/// So many of our side are offered.
const MOST_STAFF: u64 = 500;

impl Beside {
    pub(super) async fn read(desk: &Desk) -> Result<Self> {
        use people::Column as P;
        let staff: Vec<(String, String, String)> = people::Entity::find()
            .select_only()
            .columns([P::Username, P::Name, P::Roles])
            // Word for word as the index over our side says it.
            .filter(Expr::cust("roles <> 'developer'"))
            .order_by_asc(P::NameKey)
            .limit(MOST_STAFF)
            .into_tuple()
            .all(desk.database.read())
            .await?;
        let sits = |roles: &str| {
            let roles = roles_from_words(roles);
            Seat::ALL.iter().any(|seat| roles.contains(&seat.role()))
        };
        let staff = staff
            .into_iter()
            .filter(|(_, _, roles)| sits(roles))
            .map(|(username, name, _)| Holding { username, name });
        Ok(Self {
            staff: staff.collect(),
        })
    }
}
