# What `cmake --install` puts in place: headers, library, command, and how CMake and pkg-config find them.
include(CMakePackageConfigHelpers)

install(TARGETS cartbell EXPORT cartbell)
install(DIRECTORY include/cartbell TYPE INCLUDE FILES_MATCHING PATTERN "*.h" PATTERN "*.hpp")
if(TARGET cartbell_command)
  set_target_properties(cartbell_command PROPERTIES INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")
  install(TARGETS cartbell_command)
endif()

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/cartbell)
install(EXPORT cartbell NAMESPACE cartbell:: DESTINATION ${package} FILE cartbellTargets.cmake)
if(TARGET cartbell_store_conformance)
  install(TARGETS cartbell_store_conformance EXPORT cartbellConformance)
  install(EXPORT cartbellConformance NAMESPACE cartbell:: DESTINATION ${package} FILE cartbellConformanceTargets.cmake)
endif()
configure_package_config_file(cmake/cartbellConfig.cmake.in ${PROJECT_BINARY_DIR}/cartbellConfig.cmake
                              INSTALL_DESTINATION ${package})
# Before 1.0 each minor version may break the last one.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/cartbellConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/cartbellConfig.cmake ${PROJECT_BINARY_DIR}/cartbellConfigVersion.cmake
        DESTINATION ${package})

# A static library brings its dependencies to whoever links it, a shared one keeps them to itself.
if(BUILD_SHARED_LIBS)
  set(CARTBELL_PC_REQUIRES "")
  set(CARTBELL_PC_LIBS "")
else()
  set(CARTBELL_PC_REQUIRES "sqlite3 simdjson")
  set(CARTBELL_PC_LIBS " -lstdc++ -lm -pthread")
endif()
file(RELATIVE_PATH CARTBELL_PC_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)  # so that the installation can be moved
configure_file(cmake/cartbell.pc.in ${PROJECT_BINARY_DIR}/cartbell.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/cartbell.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
if(TARGET cartbell_store_conformance)
  if(BUILD_SHARED_LIBS)
    set(CARTBELL_PC_LIBS "")
  else()
    set(CARTBELL_PC_LIBS " -lstdc++ -pthread")
  endif()
  configure_file(cmake/cartbell-conformance.pc.in ${PROJECT_BINARY_DIR}/cartbell-conformance.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/cartbell-conformance.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endif()
