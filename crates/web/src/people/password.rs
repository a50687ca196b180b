//! `/me/password`: another password while signed in. The diary stays open, and nothing in it is lost.

use askama::Template;
use freerange_domain::people::acceptable_password;
use freerange_store::{About, Act, may, session::PasswordChange};
use serde::Serialize;

use crate::{
    chrome::Chrome,
    form::{Field, Form, Kind, must},
    problem::Problem,
    request::{Answer, Ctx},
};

pub(super) const CHANGE: &[Field] = &[must("password", Kind::Password), must("new_password", Kind::Password)];

/// `/me/password`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "people/change-password.html")]
pub(super) struct ChangePassword {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
}

pub(super) async fn show(ctx: Ctx) -> Answer {
    page(&ctx, Form::empty(ctx.t))
}

fn page(ctx: &Ctx, form: Form) -> Answer {
    let me = ctx.actor.person().ok_or(freerange_store::StoreError::Refused(Act::SeeOwnAccount))?;
    may(&ctx.actor, Act::SeeOwnAccount, &About::person(me))?;
    let page = ChangePassword { page: ctx.chrome(), form };
    ctx.form_page(&page.form, &page)
}

pub(super) async fn save(ctx: Ctx, mut form: Form) -> Answer {
    if let Err(weak) = acceptable_password(form.value("new_password")) {
        form.wrong("new_password", weak.as_str());
        return page(&ctx, form);
    }
    let token = ctx.token.clone().ok_or(Problem::not_found())?;
    let change =
        PasswordChange { old: form.value("password"), new: form.value("new_password"), from: ctx.from.as_str() };
    match ctx.app.store.change_password(&ctx.actor, &token, &change, ctx.now).await {
        Ok(()) => ctx.done("/me", "password-changed"),
        Err(error) => {
            form.refuse(error)?;
            page(&ctx, form)
        }
    }
}
