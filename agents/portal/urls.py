"""Addresses of the space that this app draws."""

from django.urls import path

from agents.portal.many import ManyAgentsPage, SharedProofPage
from agents.portal.mine import CheckInPage, MyFilePage, SignPage
from agents.portal.pages import AgentListPage, AgentPage, EvidencePage, SiteListPage
from agents.portal.presence import (
    CheckInCorrectPage,
    CorrectionWithdrawPage,
    PresenceDayPage,
    PresenceMonthPage,
    PresencePage,
)
from agents.portal.roster import RosterPage, ShiftCancelPage
from agents.portal.telework import AgreementEndPage, AgreementListPage, AgreementNewPage, AgreementPaperPage
from agents.portal.training import CertificatePaperPage, CoursePage, SessionPage, TrainingHoursPage, TrainingPage
from agents.portal.training_writing import (
    AttendanceHoursPage,
    AttendanceRemovePage,
    AttendancesPage,
    CertificatePage,
    CourseEditPage,
    SessionEditPage,
    SkillNewPage,
    SkillRemovePage,
)
from agents.portal.writing import (
    AccountLinkPage,
    AgentEditPage,
    AgentNewPage,
    ContractEndPage,
    ContractNewPage,
    NameEndPage,
    NameNewPage,
    ProofNewPage,
    ProofRevokePage,
    SitePage,
)

urlpatterns = [
    path("ma-journee/pointer/", CheckInPage.as_view(), name="check_in"),
    path("ma-journee/signer/", SignPage.as_view(), name="check_in_sign"),
    path("mon-dossier/", MyFilePage.as_view(), name="my_file"),
    path("agents/<int:pk>/compte/", AccountLinkPage.as_view(), name="agent_account"),
    path("presence/", PresencePage.as_view(), name="presence"),
    path("presence/postes/", RosterPage.as_view(), name="roster"),
    path("presence/postes/<int:pk>/retirer/", ShiftCancelPage.as_view(), name="shift_cancel"),
    path("presence/mois/", PresenceMonthPage.as_view(), name="presence_month"),
    path("presence/<int:pk>/<str:day>/", PresenceDayPage.as_view(), name="presence_day"),
    path("presence/<int:pk>/<str:day>/retirer/", CorrectionWithdrawPage.as_view(), name="work_withdraw"),
    path(
        "presence/<int:pk>/<str:day>/pointages/<int:check_in>/", CheckInCorrectPage.as_view(), name="check_in_correct"
    ),
    path("agents/", AgentListPage.as_view(), name="agents"),
    path("agents/nouveau/", AgentNewPage.as_view(), name="agent_new"),
    path("agents/liste/", ManyAgentsPage.as_view(), name="agents_many"),
    path("agents/preuve-commune/", SharedProofPage.as_view(), name="proofs_many"),
    path("agents/sites/", SiteListPage.as_view(), name="sites"),
    path("agents/sites/nouveau/", SitePage.as_view(), name="site_new"),
    path("agents/sites/<int:pk>/", SitePage.as_view(), name="site"),
    path("agents/<int:pk>/", AgentPage.as_view(), name="agent"),
    path("agents/<int:pk>/modifier/", AgentEditPage.as_view(), name="agent_edit"),
    path("agents/<int:pk>/contrats/nouveau/", ContractNewPage.as_view(), name="contract_new"),
    path("agents/<int:pk>/contrats/<int:contract>/fin/", ContractEndPage.as_view(), name="contract_end"),
    path("agents/<int:pk>/preuves/nouvelle/", ProofNewPage.as_view(), name="proof_new"),
    path("agents/<int:pk>/preuves/<int:proof>/revoquer/", ProofRevokePage.as_view(), name="proof_revoke"),
    path("agents/<int:pk>/preuves/<int:proof>/piece/", EvidencePage.as_view(), name="proof_evidence"),
    path("agents/<int:pk>/noms/nouveau/", NameNewPage.as_view(), name="name_new"),
    path("agents/<int:pk>/noms/<int:name>/fin/", NameEndPage.as_view(), name="name_end"),
    path("teletravail/", AgreementListPage.as_view(), name="telework"),
    path("agents/<int:pk>/teletravail/nouveau/", AgreementNewPage.as_view(), name="agreement_new"),
    path("agents/<int:pk>/teletravail/<int:agreement>/fin/", AgreementEndPage.as_view(), name="agreement_end"),
    path("agents/<int:pk>/teletravail/<int:agreement>/piece/", AgreementPaperPage.as_view(), name="agreement_evidence"),
    path("agents/<int:pk>/competences/nouvelle/", SkillNewPage.as_view(), name="skill_new"),
    path("agents/<int:pk>/competences/<int:skill>/retirer/", SkillRemovePage.as_view(), name="skill_remove"),
    path("formation/", TrainingPage.as_view(), name="training"),
    path("formation/heures/", TrainingHoursPage.as_view(), name="training_hours"),
    path("formation/nouvelle/", CourseEditPage.as_view(), name="course_new"),
    path("formation/<int:pk>/", CoursePage.as_view(), name="course"),
    path("formation/<int:pk>/modifier/", CourseEditPage.as_view(), name="course_edit"),
    path("formation/sessions/nouvelle/", SessionEditPage.as_view(), name="session_new"),
    path("formation/sessions/<int:pk>/", SessionPage.as_view(), name="training_session"),
    path("formation/sessions/<int:pk>/modifier/", SessionEditPage.as_view(), name="session_edit"),
    path("formation/sessions/<int:pk>/inscrire/", AttendancesPage.as_view(), name="attendances_new"),
    path("formation/participations/<int:pk>/heures/", AttendanceHoursPage.as_view(), name="attendance_hours"),
    path("formation/participations/<int:pk>/retirer/", AttendanceRemovePage.as_view(), name="attendance_remove"),
    path("formation/participations/<int:pk>/certificat/", CertificatePage.as_view(), name="certificate"),
    path("formation/participations/<int:pk>/piece/", CertificatePaperPage.as_view(), name="certificate_evidence"),
]
