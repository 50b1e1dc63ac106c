-- Which numbers from p_low to p_high are not free at p_at, without a word about who has them. The portal's role sees
-- its own company's rows only, so this runs with the rights of the tables' owner.
CREATE FUNCTION illico_taken_numbers(p_low text, p_high text, p_at timestamptz, p_asking bigint)
RETURNS TABLE (digits text, kind text, ceased_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT n.digits::text, 'used', NULL::timestamptz
      FROM numbers_premiumnumber n
     WHERE n.digits BETWEEN p_low AND p_high AND length(n.digits) = length(p_low)
       AND n.status NOT IN ('ceased', 'quarantined')
    UNION ALL
    SELECT n.digits::text, 'ceased',
           (SELECT max(t.at) FROM numbers_numbertransition t WHERE t.number_id = n.id AND t.to_status = 'ceased')
      FROM numbers_premiumnumber n
     WHERE n.digits BETWEEN p_low AND p_high AND length(n.digits) = length(p_low)
       AND n.status IN ('ceased', 'quarantined')
    UNION ALL
    SELECT r.digits::text, 'reserved', NULL
      FROM numbers_numberreservation r
     WHERE r.digits BETWEEN p_low AND p_high AND length(r.digits) = length(p_low)
       AND r.reserved_at <= p_at AND p_at < r.expires_at AND r.company_id IS DISTINCT FROM p_asking
$$;
