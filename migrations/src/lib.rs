//! The schema, step by step, for SQLite and PostgreSQL alike. Moments are kept as microseconds
//! since 1970 in UTC and identifiers as UUIDs, so that both databases order and compare them alike.

pub use sea_orm_migration::{MigratorTrait, prelude::MigrationTrait};

mod m20261122_000001_people;
mod m20261122_000002_apps;
mod m20261122_000003_cases;
mod m20261122_000004_reference;
mod m20261122_000005_audit;
mod m20261122_000006_mail;
mod m20261122_000007_forms;
mod m20261125_000021_membership_record;
mod m20261125_000022_app_invitations;
mod m20261125_000031_kept_forms;
mod m20261125_000051_accounts;
mod m20261125_000052_held_usernames;
mod m20261125_000053_role_requests;
mod m20261125_000061_letters;
mod m20261125_000062_mailboxes;
mod m20261125_000081_folded_keys;
mod m20261125_000082_discarded_files;
mod m20261126_000091_form_contents;
mod m20261126_000101_letter_about_people;
mod m20261126_000111_authorised_users;
mod m20261126_000121_support_requests;
mod m20261126_000122_support_articles;
mod m20261126_000123_support_files;
mod m20261126_000124_article_reason;
mod m20261126_000131_living_approval;
mod m20261126_000141_partners;
mod m20261126_000151_gallery;
mod m20261126_000161_guides;
mod m20261126_000162_former_usernames;
mod m20261126_000163_email_changes;
mod m20261126_000164_second_factors;
mod m20261126_000165_closed_accounts;
mod m20261126_000171_app_setup;
mod m20261126_000181_canned_texts;
mod m20261126_000182_gateway_token_successors;
mod m20261126_000191_passkeys;
mod m20261126_000192_app_logos;
mod m20261127_000201_kept_answers;
mod m20261127_000202_queue;
mod m20261127_000203_seats;
mod m20261127_000231_after_the_end;
mod m20261127_000241_search;
mod m20261127_000251_writing;
mod m20261127_000252_inbox;
mod m20261127_000261_change_answers;
mod m20261127_000262_sent_files;
mod m20261127_000263_kept_by_page;
mod m20261127_000271_absences;
mod m20261127_000281_narrowing;
mod m20261127_000282_tags;
mod m20261127_000283_snoozes;
mod m20261127_000284_saved_views;
mod m20261128_000301_conflicts;
mod m20261129_000311_bulk;
mod m20261129_000321_stuck_asks;
mod m20261129_000331_kept_pages;
mod m20261129_000351_looked_before;
mod m20261130_000361_single_keys;
mod m20261130_000381_ended_authorisations;
mod m20261201_000391_plain_keys;
mod m20261201_000401_pending_reviews;
mod m20261201_000451_signed_by_passkey;
mod m20261201_000601_message_keys;
mod m20261201_000611_self_checks;
mod m20261201_000621_cap_since;
pub mod rights;
mod whole;

/// Every step, in order.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        let steps: Vec<Box<dyn MigrationTrait>> = vec![
            Box::new(m20261122_000001_people::Migration),
            Box::new(m20261122_000002_apps::Migration),
            Box::new(m20261122_000003_cases::Migration),
            Box::new(m20261122_000004_reference::Migration),
            Box::new(m20261122_000005_audit::Migration),
            Box::new(m20261122_000006_mail::Migration),
            Box::new(m20261122_000007_forms::Migration),
            Box::new(m20261125_000021_membership_record::Migration),
            Box::new(m20261125_000022_app_invitations::Migration),
            Box::new(m20261125_000031_kept_forms::Migration),
            Box::new(m20261125_000051_accounts::Migration),
            Box::new(m20261125_000052_held_usernames::Migration),
            Box::new(m20261125_000053_role_requests::Migration),
            Box::new(m20261125_000061_letters::Migration),
            Box::new(m20261125_000081_folded_keys::Migration),
            Box::new(m20261125_000062_mailboxes::Migration),
            Box::new(m20261125_000082_discarded_files::Migration),
            Box::new(m20261126_000091_form_contents::Migration),
            Box::new(m20261126_000101_letter_about_people::Migration),
            Box::new(m20261126_000111_authorised_users::Migration),
            Box::new(m20261126_000131_living_approval::Migration),
            Box::new(m20261126_000121_support_requests::Migration),
            Box::new(m20261126_000122_support_articles::Migration),
            Box::new(m20261126_000123_support_files::Migration),
            Box::new(m20261126_000124_article_reason::Migration),
            Box::new(m20261126_000141_partners::Migration),
            Box::new(m20261126_000151_gallery::Migration),
            Box::new(m20261126_000161_guides::Migration),
            Box::new(m20261126_000162_former_usernames::Migration),
            Box::new(m20261126_000163_email_changes::Migration),
            Box::new(m20261126_000164_second_factors::Migration),
            Box::new(m20261126_000165_closed_accounts::Migration),
            Box::new(m20261126_000171_app_setup::Migration),
            Box::new(m20261126_000181_canned_texts::Migration),
            Box::new(m20261126_000182_gateway_token_successors::Migration),
            Box::new(m20261126_000191_passkeys::Migration),
            Box::new(m20261126_000192_app_logos::Migration),
            Box::new(m20261127_000201_kept_answers::Migration),
            Box::new(m20261127_000202_queue::Migration),
            Box::new(m20261127_000203_seats::Migration),
            Box::new(m20261127_000231_after_the_end::Migration),
            Box::new(m20261127_000241_search::Migration),
            Box::new(m20261127_000251_writing::Migration),
            Box::new(m20261127_000252_inbox::Migration),
            Box::new(m20261127_000261_change_answers::Migration),
            Box::new(m20261127_000262_sent_files::Migration),
            Box::new(m20261127_000263_kept_by_page::Migration),
            Box::new(m20261127_000271_absences::Migration),
            Box::new(m20261127_000281_narrowing::Migration),
            Box::new(m20261127_000282_tags::Migration),
            Box::new(m20261127_000283_snoozes::Migration),
            Box::new(m20261127_000284_saved_views::Migration),
            Box::new(m20261128_000301_conflicts::Migration),
            Box::new(m20261129_000311_bulk::Migration),
            Box::new(m20261129_000321_stuck_asks::Migration),
            Box::new(m20261129_000331_kept_pages::Migration),
            Box::new(m20261129_000351_looked_before::Migration),
            Box::new(m20261130_000361_single_keys::Migration),
            Box::new(m20261130_000381_ended_authorisations::Migration),
            Box::new(m20261201_000391_plain_keys::Migration),
            Box::new(m20261201_000401_pending_reviews::Migration),
            Box::new(m20261201_000451_signed_by_passkey::Migration),
            Box::new(m20261201_000601_message_keys::Migration),
            Box::new(m20261201_000611_self_checks::Migration),
            Box::new(m20261201_000621_cap_since::Migration),
        ];
        steps
            .into_iter()
            .map(|step| -> Box<dyn MigrationTrait> { Box::new(whole::Whole(step)) })
            .collect()
    }
}

/// The names of the steps that a database has been through, oldest first; none before the first.
/// Reads alone, so an account without rights on the schema may ask.
///
/// # Errors
/// When the database does not answer.
pub async fn applied(
    database: &sea_orm_migration::sea_orm::DatabaseConnection,
) -> Result<Vec<String>, sea_orm_migration::DbErr> {
    use sea_orm_migration::{SchemaManager, sea_orm::EntityTrait, seaql_migrations};
    if !SchemaManager::new(database)
        .has_table("seaql_migrations")
        .await?
    {
        return Ok(Vec::new());
    }
    let steps = seaql_migrations::Entity::find().all(database).await?;
    Ok(steps.into_iter().map(|step| step.version).collect())
}
