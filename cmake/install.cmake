# What `make install` and the Debian package put where, below the prefix. `make uninstall` removes the same names.
include(GNUInstallDirs)
# Folders are for everybody, whatever the umask of root is.
set(CMAKE_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

install(TARGETS socle RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
install(DIRECTORY examples/ DESTINATION "${CMAKE_INSTALL_DATADIR}/socle/examples"
  FILES_MATCHING PATTERN "*.toml" PATTERN "*.csv" PATTERN "*.log" PATTERN "*.cu" PATTERN "*.py")
install(DIRECTORY validation/ DESTINATION "${CMAKE_INSTALL_DATADIR}/socle/validation" FILES_MATCHING PATTERN "*.csv" PATTERN "*.json" PATTERN "*.jsonl")
install(FILES LICENSE NOTICE DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/socle")

# The program writes its own manual and completions into the build folder; where it has not, they are left out.
install(DIRECTORY "${PROJECT_BINARY_DIR}/man/" DESTINATION "${CMAKE_INSTALL_DATADIR}/man/man1" OPTIONAL FILES_MATCHING PATTERN "*.1")
install(FILES "${PROJECT_BINARY_DIR}/completion/socle.bash" RENAME socle OPTIONAL
  DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
install(FILES "${PROJECT_BINARY_DIR}/completion/_socle" OPTIONAL DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions")
install(FILES "${PROJECT_BINARY_DIR}/completion/socle.fish" OPTIONAL
  DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME socle)
set(CPACK_PACKAGE_VENDOR "Socle")
set(CPACK_PACKAGE_CONTACT "Socle maintainers")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGE_DESCRIPTION "Training time, memory, cost and networks of AI compute clusters, each figure with a range and what it\
 rests on.")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_SOCLE_VERSION_HEADER "${version_header}")
set(CPACK_PROJECT_CONFIG_FILE "${PROJECT_SOURCE_DIR}/cmake/package.cmake")
include(CPack)
