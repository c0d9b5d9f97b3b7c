# Read by cpack when it runs: the package bears the version of the program that was built last, and what it depends on is
# asked of dpkg-shlibdeps, which would be left out silently where it is missing.
if(NOT EXISTS "${CPACK_SOCLE_VERSION_HEADER}")
  message(FATAL_ERROR "nothing is built yet; run make package")
endif()
foreach(program dpkg-shlibdeps file)
  find_program(found_${program} ${program})
  if(NOT found_${program})
    message(FATAL_ERROR "${program} is missing: apt-get install dpkg-dev file")
  endif()
endforeach()
file(STRINGS "${CPACK_SOCLE_VERSION_HEADER}" version_line REGEX "SOCLE_VERSION_TEXT")
string(REGEX REPLACE ".*\"(.*)\".*" "\\1" CPACK_PACKAGE_VERSION "${version_line}")
# For dpkg, 0.2.0~dev comes before 0.2.0.
string(REPLACE "-" "~" CPACK_DEBIAN_PACKAGE_VERSION "${CPACK_PACKAGE_VERSION}")
