"""What a letter says in other languages than Dutch: who is invited, to what, and how to answer."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class OtherLanguage:
    """Hold a short text; ``call`` is left out where there is no number to call.

    ``locale`` writes the day, ``rtl`` tells that it is read from right to left.
    """

    code: str
    locale: str
    name: str
    before: str
    call: str
    after: str
    rtl: bool = False

    def text(self, *, phone: str, day: str) -> str:
        """Write the text with the number to call and the last day, as this language writes it."""
        # Between digits a space that may not break keeps their order, also in a text from right to left.
        number = phone.replace(" ", "\u00a0")
        if self.rtl:
            number = number.replace("+", "00")
        call = self.call.format(phone=number) if phone else ""
        return f"{self.before}{call}. {self.after.format(day=day)}"


OTHER_LANGUAGES: Final = (
    OtherLanguage(
        "en",
        "en_GB",
        "English",
        "You are invited to join a panel of residents. The panel decides which plans in your neighbourhood "
        "get money. Scan the code on the other side with your phone",
        ", or call {phone}",
        "Please answer by {day}. You may also say no.",
    ),
    OtherLanguage(
        "tr",
        "tr",
        "Türkçe",
        "Mahalle sakinlerinden oluşan bir panele davetlisiniz. Panel, mahallenizdeki hangi planların para "
        "alacağına karar verir. Diğer sayfadaki kodu telefonunuzla okutun",
        " veya {phone} numarasını arayın",
        "Lütfen en geç {day} tarihine kadar cevap verin. Hayır da diyebilirsiniz.",
    ),
    OtherLanguage(
        "ar",
        "ar",
        "العربية",
        "أنت مدعو إلى لجنة من سكان الحي. تقرر اللجنة أي الخطط في حيّك تحصل على المال. "
        "امسح الرمز الموجود على الوجه الآخر بهاتفك",
        "، أو اتصل بالرقم {phone}",
        "يرجى الرد في موعد أقصاه {day}. يمكنك أيضًا أن تقول لا.",
        rtl=True,
    ),
    OtherLanguage(
        "pl",
        "pl",
        "Polski",
        "Zapraszamy Cię do panelu mieszkańców. Panel decyduje, które plany w Twojej dzielnicy dostaną "
        "pieniądze. Zeskanuj telefonem kod na drugiej stronie",
        " albo zadzwoń: {phone}",
        "Odpowiedz najpóźniej {day}. Możesz też odpowiedzieć „nie”.",
    ),
    OtherLanguage(
        "es",
        "es",
        "Español",
        "Te invitamos a un panel de vecinos. El panel decide qué planes del barrio reciben dinero. Escanea "
        "con el móvil el código de la otra cara",
        " o llama al {phone}",
        "Responde a más tardar el {day}. También puedes decir que no.",
    ),
)
