"""The chapters of a company's story, each told through the pages that people use."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.browser.house import OPERATOR, OPERATOR_PASSWORD, PARIS, House
from tests.browser.reader import Reader

PASSWORD = "trois chats sur un toit"


@dataclass(frozen=True)
class Firm:
    """A company of a story: who runs it, and what it is called in registers and logs."""

    name: str
    siren: str
    owner: str
    numbers: dict[str, str]
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


def lay_ground(reader: Reader, house: House) -> None:
    """The operator's first morning: numbers to give out, what carriers and platform keep, what wages are owed."""
    reader.open("/admin/")
    reader.fill("Courriel", OPERATOR)
    reader.fill("Mot de passe", OPERATOR_PASSWORD)
    reader.press("Se connecter")
    reader.sees_title("Confirmer votre adresse")
    reader.fill("Code", house.code_of_mail(OPERATOR))
    reader.press("Confirmer")
    rows = {
        "numbers/numberblock": {"Préfixe": "089269", "Plafond": "800000", "Attribution": "Décision du 2 janvier 2026"},
        "billing/sharepolicy": {"À partir du": "2026-01-01", "Nom": "Partage", "Gardé par": "2500", "Frais": "500"},
        "billing/wagepolicy": {"À partir du": "2026-01-01", "Nom": "60 % du prix HT"},
    }
    for page, answers in rows.items():
        reader.open(f"/admin/{page}/add/")
        if page == "numbers/numberblock":
            reader.choose("Famille", "service payé par l’appelant")
        for label, answer in answers.items():
            reader.fill(label, answer)
        reader.press("Enregistrer")
        reader.sees("ajout")


def add_switch(reader: Reader) -> None:
    """The PBX whose log will come."""
    reader.go_to("Imports")
    reader.press("Importer un journal")
    reader.sees_title("Ajouter une source")
    reader.press("Ajouter la source")
    reader.sees("Source ajoutée")


def take_on(reader: Reader, firm: Firm, papers: Path) -> None:
    """Everybody who answers: one person form by form, the others as a list with one lease for all."""
    first, *others = firm.staff
    take_one_on(reader, first, papers)
    reader.go_to("Agents")
    reader.press("Ajouter une liste")
    reader.fill("Un agent par ligne", "\n".join(others))
    reader.fill("Premier jour des contrats", "2026-01-01")
    reader.press("Ajouter ces agents")
    reader.sees(f"{len(others)} agents ajoutés")
    reader.press("Preuve commune")
    for person in others:
        reader.sees_ticked(person)
    reader.fill("Premier jour prouvé", "2026-01-01")
    reader.fill("Dernier jour prouvé", "2027-12-31")
    reader.bring("Pièce", paper(papers, "bail du plateau"))
    reader.press("Déposer la preuve")
    reader.sees(f"Preuve déposée pour {len(others)} agents")


def take_one_on(reader: Reader, person: str, papers: Path) -> None:
    """A contract, a name in the PBX, the site and its lease."""
    reader.go_to("Agents")
    reader.press("Ajouter un agent")
    reader.fill("Matricule", person)
    reader.press("Enregistrer")
    reader.press("Ajouter un contrat")
    reader.fill("Premier jour", "2026-01-01")
    reader.press("Enregistrer")
    reader.press("Ajouter un nom")
    reader.press("Enregistrer")
    reader.press("Ajouter une preuve")
    reader.press("Ajouter un site")
    reader.fill("Nom du site", "Plateau de Lille")
    reader.fill("Code INSEE", "59350")
    reader.press("Enregistrer")
    reader.fill("Premier jour prouvé", "2026-01-01")
    reader.fill("Dernier jour prouvé", "2027-12-31")
    reader.bring("Pièce", paper(papers, f"bail de {person}"))
    reader.press("Déposer la preuve")
    reader.sees("Preuve déposée")


def enrol(reader: Reader, firm: Firm, service: str, papers: Path) -> None:
    """The nine steps of the wizard, the check and the submission."""
    onward, digits = "Enregistrer et continuer", firm.numbers[service]
    reader.go_to("Numéros")
    reader.press("Inscrire un numéro")
    reader.press("Commencer un dossier")
    reader.tick("Conseil payant")
    reader.press(onward)
    reader.tick("L’appelant paie")
    reader.press(onward)
    reader.fill("Chiffres à retrouver", digits[-6:])
    reader.press("Chercher")
    reader.press(f"Réserver le {shown(digits)}")
    reader.sees("Réservé pour vous jusqu’au")
    reader.press(onward)
    reader.fill("Prix de la minute", "0,60")
    reader.press(onward)
    reader.fill("Lundi", "0:00-24:00")
    reader.press("Recopier lundi sur toute la semaine")
    reader.press(onward)
    reader.fill("Nom du service", service)
    reader.fill("À quoi il sert", "Une personne du métier répond à vos questions.")
    reader.press(onward)
    for person in firm.staff:
        reader.sees_ticked(person)
    reader.press(onward)
    reader.fill("Appels attendus", "200")
    reader.fill("Appels de l’heure", "30")
    reader.press(onward)
    reader.sees("Une heure payée")
    reader.press("Continuer vers les pièces")
    for wanted in ("extrait Kbis", "pièce d’identité", "droit d’utiliser le nom"):
        reader.bring("Fichier", paper(papers, wanted))
        reader.press("Joindre")
        reader.sees("La pièce est jointe")
    reader.press("Vérifier mon dossier")
    reader.sees("Le dossier est complet")
    reader.press("Déposer le dossier")
    reader.sees("Le dossier est déposé")


def approve(reader: Reader, firm: Firm, service: str) -> None:
    """The operator looks at every point, accepts the file and puts the number into service."""
    reader.open("/admin/")
    reader.press("Dossiers à examiner")
    reader.page.get_by_role("row", name=firm.name).get_by_role("link", name=service).click()
    reader.press("Examiner le dossier")
    reader.sees(firm.numbers[service])
    for point in reader.page.get_by_role("group", name="Points vérifiés").get_by_role("checkbox").all():
        point.check()
    reader.choose("Décision", "Accepter")
    reader.fill("Message à l’entreprise", "Tout est en ordre.")
    reader.press("Garder la décision")
    reader.sees("La décision est gardée")
    reader.choose("Décision", "Mettre en service")
    reader.fill("Message à l’entreprise", "Votre numéro est ouvert.")
    reader.press("Garder la décision")
    reader.sees("en service")


def give_log(reader: Reader, log: Path) -> None:
    """The evening's queue_log, from the file to its calls."""
    reader.go_to("Imports")
    reader.press("Importer un journal")
    reader.choose("Format du fichier", "Asterisk, queue_log")
    reader.bring("Fichier", str(log))
    reader.press("Importer")
    reader.sees("Ce qui est entré")


def read_a_late_call(reader: Reader) -> None:
    """From the dashboard to one of the two calls that were answered too late, and why it is free."""
    reader.press("2 appels")
    reader.page.get_by_role("row", name="Trop tard").get_by_role("link").first.click()
    reader.sees_title("Trop tard")
    reader.sees("Plateau de Lille")
    reader.sees("l’appelant ne paie rien pour le service")


def close_day(reader: Reader) -> None:
    """The operator has the night done."""
    reader.open("/admin/billing/run/lancer/")
    reader.press("Lancer la nuit")
    reader.sees("terminée")


def give_pay(reader: Reader, dsn: Path) -> None:
    """November's DSN, as the payroll software wrote it."""
    reader.go_to("Salaires")
    reader.press("Déclarations de paie")
    reader.bring("Fichier", str(dsn))
    reader.press("Déposer")
    reader.sees("Le fichier est lu")


def of(firm: Firm, sample: Path, folder: Path) -> Path:
    """A sample file as this firm's PBX or payroll software would have written it: its SIREN, its numbers."""
    text = sample.read_text(encoding="latin-1").replace("999999006", firm.siren)
    for theirs, ours in zip(("0892690001", "0892690002"), firm.numbers.values(), strict=True):
        text = text.replace(theirs, ours)
    file = folder / sample.name
    file.write_text(text, encoding="latin-1")
    return file


def paper(folder: Path, what: str) -> str:
    """A document to join; no two hold the same."""
    file = folder / f"{what}.pdf"
    file.write_bytes(f"%PDF-1.7\n% {what}\n".encode())
    return str(file)


def shown(digits: str) -> str:
    """A number as pages write it."""
    return f"{digits[0]} {digits[1:4]} {digits[4:6]} {digits[6:8]} {digits[8:]}"
