"""What history says of parameters: hindcast, emulator, history matching, parameter sets.

Attributes
----------
VERSION
    Of the filter, and of how it reads the record. It moves when the same record and rules leave other states; a test
    over recorded values says so. Filtered states say which version made them.
"""

VERSION = "2"
