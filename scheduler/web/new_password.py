"""The form in which a person chooses a password."""

from wtforms import PasswordField
from wtforms.validators import ValidationError

from scheduler.web.forms import Form, required


class ChoosePasswordForm(Form):
    """A new password, twice."""

    password = PasswordField(
        "New password",
        [required("Enter a new password.")],
        description="At least 12 characters; several words are good.",
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        "New password again",
        [required("Enter the new password again.")],
        render_kw={"autocomplete": "new-password"},
    )

    def validate_again(self, field: PasswordField) -> None:
        """Refuse two that differ.

        Raises:
            ValidationError: they do.
        """
        if field.data != self.password.data:
            raise ValidationError("The two passwords are not the same.")
