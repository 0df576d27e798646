# cartbell_library(target symbols): makes the target of the C ABI's objects the product. It takes in the objects of all modules, so that a
# static library is usable alone, and as a shared one it exports exactly the symbols of the list, one a line.
function(cartbell_library target symbols)
  get_property(modules GLOBAL PROPERTY CARTBELL_MODULES)
  foreach(module ${modules})
    target_sources(${target} PRIVATE $<TARGET_OBJECTS:${module}>)
  endforeach()
  target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:cartbell_options> simdjson::simdjson SQLite::SQLite3)
  target_include_directories(${target} INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
                                                 $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  set_target_properties(${target} PROPERTIES VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR})
  add_library(cartbell::${target} ALIAS ${target})

  get_target_property(type ${target} TYPE)
  if(type STREQUAL SHARED_LIBRARY AND UNIX AND NOT APPLE)
    set(list ${PROJECT_SOURCE_DIR}/${symbols})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${list})
    file(STRINGS ${list} names REGEX "^[a-z0-9_]+$")
    list(JOIN names ";\n    " names)
    set(map ${PROJECT_BINARY_DIR}/${target}.map)
    file(CONFIGURE OUTPUT ${map} CONTENT "CARTBELL_${PROJECT_VERSION_MAJOR} {\n  global:\n    ${names};\n  local: *;\n};\n")
    target_link_options(${target} PRIVATE -Wl,--version-script=${map})
    set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${map})
    if(NOT CARTBELL_SANITIZE)  # whose runtime is in the executable
      target_link_options(${target} PRIVATE -Wl,--no-undefined)
    endif()
  endif()
endfunction()
