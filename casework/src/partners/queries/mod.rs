//! What people see of partnerships.

mod agreement;
mod list;
mod partner;

pub use agreement::{ReacceptView, reacceptance};
pub use list::{
    MyPartner, PARTNER_PAGE, PartnerFilter, PartnerLine, Partners, my_partners, partners,
};
pub use partner::{
    Application, CriterionView, Decided, LapseLine, May, PartnerView, Proposal, Publication,
    ToDecide, partner, to_decide,
};
