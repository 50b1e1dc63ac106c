"""Who may give and take which role in a company's team."""

from collections.abc import Set

from numbers.rules.lifecycle import Actor

_ALL = frozenset([Actor.OWNER, Actor.MANAGER, Actor.SUPERVISOR, Actor.ACCOUNTANT, Actor.AGENT])
_GIVES = {
    Actor.OPERATOR: _ALL,
    Actor.OWNER: _ALL,
    Actor.MANAGER: frozenset([Actor.SUPERVISOR, Actor.AGENT]),
}


def gives(actors: Set[Actor]) -> frozenset[Actor]:
    """The roles that somebody in these roles may give to others, and take from them.

    >>> sorted(gives({Actor.MANAGER})), sorted(gives({Actor.ACCOUNTANT}))
    ([<Actor.AGENT: 'agent'>, <Actor.SUPERVISOR: 'supervisor'>], [])
    """
    return frozenset().union(*(_GIVES.get(actor, frozenset()) for actor in actors))
