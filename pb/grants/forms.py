"""What is asked to know who is paid for a plan."""

from typing import Any

from flask_babel import lazy_gettext as _

from pb.grants.iban import check_iban, grouped_iban
from pb.grants.rules.payee import check_kvk_number, check_payee_name
from pb.grants.rules.paying import PayeeKind, check_kvk_fits
from pb.web.forms import Choice, ChoiceField, Form, HiddenField, Needed, ReadField, ask_rules


class HolderField(ReadField):
    """The name on a bank account."""

    def read(self, typed: str) -> str:
        return check_payee_name(typed)


class IbanField(ReadField):
    """An account number, with or without spaces."""

    def read(self, typed: str) -> str:
        return check_iban(typed)

    def write(self, value: Any) -> str:
        return grouped_iban(value)


class KvkField(ReadField):
    """A number of the Chamber of Commerce; may stay empty."""

    inputmode = "numeric"

    def read(self, typed: str) -> str:
        return check_kvk_number(typed)


class PayeeForm(Form):
    version = HiddenField(default="0")
    kind = ChoiceField(
        _("Van wie is de rekening?"),
        choices=[
            Choice(PayeeKind.PERSON.value, _("Van een persoon")),
            Choice(PayeeKind.ASSOCIATION.value, _("Van een vereniging")),
            Choice(PayeeKind.FOUNDATION.value, _("Van een stichting")),
            Choice(PayeeKind.COMPANY.value, _("Van een bedrijf")),
            Choice(PayeeKind.PUBLIC_BODY.value, _("Van een school of een overheid")),
        ],
    )
    holder_name = HolderField(
        _("Hoe heet de rekeninghouder?"), [Needed(_("Vul de naam in die bij de rekening hoort."))]
    )
    iban = IbanField(_("Rekeningnummer (IBAN)"), [Needed(_("Vul het rekeningnummer in."))])
    kvk_number = KvkField(_("KvK-nummer, als het een organisatie is"))

    def check(self) -> None:
        """Ask the rule about who has a number of the Chamber of Commerce."""
        ask_rules(
            self.kvk_number, lambda: check_kvk_fits(PayeeKind(self.kind.data), self.kvk_number.data or "")
        )
