"""Numbers, companies and calls: what was called, and by which line. Also the standard library's ``numbers``.

The folder's name hides a standard module that ``decimal``, ``fractions`` and ``statistics`` need,
so that module is executed here, in this namespace: whoever imports ``numbers`` gets both.
"""

import os as _os
import sysconfig as _sysconfig

_path = _os.path.join(_sysconfig.get_path("stdlib"), "numbers.py")
with open(_path, encoding="utf-8") as _source:
    exec(compile(_source.read(), _path, "exec"))
