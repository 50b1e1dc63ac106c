"""The same pages by somebody who touches no mouse: Tab, Enter, Space and arrows; wherever the focus is, it shows."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.chapters import PASSWORD, Firm, paper, shown
from tests.browser.house import House
from tests.browser.reader import Reader

ONWARD = "Enregistrer et continuer"


def sign_in(reader: Reader, house: House, firm: Firm, secret: str) -> None:
    """Address, password, the code on the phone."""
    reader.open("/compte/login/")
    reader.type_into("Courriel", firm.owner)
    reader.type_into("Mot de passe", PASSWORD)
    reader.enter()
    reader.sees_title("Votre deuxième clé")
    reader.type_into("Code", house.code_of_phone(secret))
    reader.enter()
    reader.sees(firm.name)


def enrol(reader: Reader, firm: Firm, service: str, digits: str, papers: Path) -> None:
    """A number of the operator's: nine steps, the check, the submission."""
    reader.key("Numéros")
    reader.key("Inscrire un numéro")
    reader.key("Commencer un dossier")
    reader.mark("Conseil payant")
    reader.key(ONWARD)
    reader.mark("L’appelant paie")
    reader.key(ONWARD)
    reader.type_into("Chiffres à retrouver", digits[-6:])
    reader.enter()
    reader.key(f"Réserver le {shown(digits)}")
    reader.key(ONWARD)
    reader.type_into("Prix de la minute", "0,60")
    reader.enter()
    reader.sees_title("Quand répondrez-vous")
    reader.type_into("Lundi", "9:00-18:00")
    reader.key("Recopier lundi jusqu’à vendredi")
    reader.key(ONWARD)
    reader.type_into("Nom du service", service)
    reader.type_into("À quoi il sert", "Une personne du métier répond à vos questions.")
    reader.key(ONWARD)
    reader.mark(firm.staff[0])  # all are proposed: one is left out
    reader.key(ONWARD)
    reader.type_into("Appels attendus", "200")
    reader.type_into("Appels de l’heure", "30")
    reader.enter()
    reader.key("Continuer vers les pièces")
    for wanted in ("extrait Kbis", "pièce d’identité", "droit d’utiliser le nom"):
        reader.bring_by_key("Fichier", paper(papers, f"{service}, {wanted}"))
        reader.key("Joindre")
        reader.sees("La pièce est jointe")
    reader.key("Vérifier mon dossier")
    reader.key("Déposer le dossier")
    reader.sees("Le dossier est déposé")


def give_log(reader: Reader, log: Path) -> None:
    """A log by keyboard; the format is chosen with an arrow."""
    reader.key("Imports")
    reader.key("Importer un journal")
    reader.tab_to("Format du fichier")
    for arrow in ("Home", "ArrowDown"):
        reader.page.keyboard.press(arrow)
    expect(reader.page.locator("select:focus")).to_have_value("asterisk-queue-log")
    reader.bring_by_key("Fichier", str(log))
    reader.key("Importer")
    reader.sees("Ce qui est entré")
