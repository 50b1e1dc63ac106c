"""The chapters of a company's story, each told through the pages that people use."""

from dataclasses import dataclass
from datetime import datetime

from tests.browser.house import PARIS, House
from tests.browser.reader import Reader

PASSWORD = "trois chats sur un toit"


@dataclass(frozen=True)
class Firm:
    """A company of a story: who runs it, and what it is called in registers and logs."""

    name: str
    siren: str
    owner: str
    numbers: tuple[str, str]
    staff: tuple[str, ...] = ("A001", "A002", "A003", "A004", "A005", "A006")

    @property
    def siret(self) -> str:
        return f"{self.siren}00011"

    @property
    def space(self) -> str:
        return f"/espace/{self.siren}/"


def day(number: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    """An instant of the autumn of 2026, in Paris."""
    return datetime(2026, month, number, hour, minute, tzinfo=PARIS)


def sign_up(reader: Reader, house: House, firm: Firm) -> None:
    """From the public home to an account whose address is confirmed."""
    reader.open("/")
    reader.press("Se connecter")
    reader.press("Créer un compte")
    reader.fill("Courriel", firm.owner)
    reader.fill("Mot de passe", PASSWORD)
    reader.fill("Mot de passe (confirmation)", PASSWORD)
    reader.press("Créer le compte")
    reader.sees_title("Confirmer votre adresse")
    reader.fill("Code", house.code_of_mail(firm.owner))
    reader.press("Confirmer")
    reader.sees_title("Bienvenue sur Illico")


def register(reader: Reader, firm: Firm) -> None:
    """Enter the company into the platform; whoever does is its owner."""
    reader.press("Inscrire mon entreprise")
    reader.fill("Raison sociale", firm.name)
    reader.fill("SIREN", firm.siren)
    reader.fill("SIRET du siège", firm.siret)
    reader.fill("Adresse", "10 avenue de la Démo, 75001 Paris")
    reader.fill("Contact pour les réclamations", f"reclamations@{firm.owner.partition('@')[2]}")
    reader.press("Inscrire l’entreprise")


def take_second_factor(reader: Reader, house: House) -> str:
    """Owners need one: an authenticator on the phone. Returns its key, which the phone keeps."""
    reader.sees_title("Protéger votre compte")
    reader.press("Utiliser une application")
    reader.fill("Mot de passe", PASSWORD)
    reader.press("Confirmer")
    secret = reader.page.locator("#authenticator_secret").inner_text()
    reader.fill("Code", house.code_of_phone(secret))
    reader.press("Activer")
    reader.sees("10 codes sur 10")
    reader.press("J’ai noté mes codes")
    return secret
