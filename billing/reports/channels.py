"""What came through each channel: voice, sign language, cued speech, text, month by month."""

from billing.reports.base import REPORTS, Column, Report, seconds

_COUNTS = ("calls", "answered", "kept", "late", "unanswered", "unproven", "abandoned", "incomplete", "closed")
_SUMS = ", ".join(f"sum({name})::bigint AS {name}" for name in _COUNTS)
_REST = ", ".join(f"a.{name} - coalesce(o.{name}, 0) AS {name}" for name in _COUNTS)
_OF_DAYS = "day BETWEEN %(since)s AND %(until)s AND (%(company)s::bigint IS NULL OR company_id = %(company)s)"


@REPORTS.register
class Channels(Report):
    """One row per number, month and channel that any call came through, voice first; a month's rows add up to it.

    ``charged_s`` and ``ttc_micros`` are of priced calls; ``free_setup_s`` is the set-up of kept calls, not charged.
    Days that were not judged yet are not in it.
    """

    key = "channels"
    label = "Appels par canal"
    version = "1"
    columns = (
        Column("siren", "c.siren"),
        Column("number", "n.digits"),
        Column("month", "to_char(l.month, 'YYYY-MM')"),
        Column("channel", "l.channel"),
        *(Column(name, f"l.{name}") for name in _COUNTS),
        Column("charged_s", seconds("l.billed_ms")),
        Column("free_setup_s", seconds("l.free_setup_ms")),
        Column("ttc_micros", "l.ttc_micros"),
    )
    # JudgedDay and RatedDay hold all channels together, ChannelDay and the calls of the partial index each but voice.
    rows = f"""
        FROM (
          WITH judged AS (
            SELECT number_id, date_trunc('month', day)::date AS month, {_SUMS}
              FROM agents_judgedday WHERE {_OF_DAYS} GROUP BY 1, 2),
          rated AS (
            SELECT number_id, date_trunc('month', day)::date AS month,
                   sum(billed_ms)::bigint AS billed_ms, sum(ttc_micros)::bigint AS ttc_micros
              FROM billing_ratedday WHERE {_OF_DAYS} GROUP BY 1, 2),
          lines AS (
            SELECT number_id, date_trunc('month', day)::date AS month, channel, {_SUMS},
                   sum(free_setup_ms)::bigint AS free_setup_ms
              FROM agents_channelday WHERE {_OF_DAYS} GROUP BY 1, 2, 3),
          priced AS (
            SELECT k.number_id, k.month, k.channel,
                   sum(r.billed_ms)::bigint AS billed_ms, sum(r.ttc_micros)::bigint AS ttc_micros
              FROM numbers_call k
              JOIN billing_ratedcall r ON r.call_id = k.id AND r.month = k.month
                   AND r.month BETWEEN %(first_month)s AND %(until)s
             WHERE k.channel <> 'voice' AND k.month BETWEEN %(first_month)s AND %(until)s
               AND k.day BETWEEN %(since)s AND %(until)s
               AND (%(company)s::bigint IS NULL OR k.company_id = %(company)s)
             GROUP BY 1, 2, 3),
          others AS (
            SELECT number_id, month, {_SUMS} FROM lines GROUP BY 1, 2),
          priced_others AS (
            SELECT number_id, month, sum(billed_ms)::bigint AS billed_ms, sum(ttc_micros)::bigint AS ttc_micros
              FROM priced GROUP BY 1, 2)
          SELECT a.number_id, a.month, 'voice' AS channel, {_REST}, 0::bigint AS free_setup_ms,
                 coalesce(d.billed_ms, 0) - coalesce(p.billed_ms, 0) AS billed_ms,
                 coalesce(d.ttc_micros, 0) - coalesce(p.ttc_micros, 0) AS ttc_micros
            FROM judged a
            LEFT JOIN rated d USING (number_id, month)
            LEFT JOIN others o USING (number_id, month)
            LEFT JOIN priced_others p USING (number_id, month)
           WHERE a.calls > coalesce(o.calls, 0)
          UNION ALL
          SELECT a.number_id, a.month, a.channel, {", ".join(f"a.{name}" for name in _COUNTS)}, a.free_setup_ms,
                 coalesce(p.billed_ms, 0), coalesce(p.ttc_micros, 0)
            FROM lines a LEFT JOIN priced p USING (number_id, month, channel)
        ) l
        JOIN numbers_premiumnumber n ON n.id = l.number_id
        JOIN numbers_company c ON c.id = n.company_id
        ORDER BY c.siren, n.digits, l.month, l.channel <> 'voice', l.channel"""
