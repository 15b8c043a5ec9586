import Foundation

/// Starts `program`, without arguments, and returns what it printed once it has ended.
///
/// Foundation's `Process` does the same but polls for the end, which would be most of what is measured.
///
/// - Throws: `Mistake` if the program cannot be started or fails.
package func outputOfChild(_ program: String) throws -> String {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw Mistake("no pipe: \(String(cString: strerror(errno)))") }
    let reading = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
    let writing = FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)

    #if canImport(Darwin)
        var actions: posix_spawn_file_actions_t?
    #else
        var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    posix_spawn_file_actions_addclose(&actions, ends[0])
    posix_spawn_file_actions_addclose(&actions, ends[1])

    var child: pid_t = 0
    let name = strdup(program)
    defer { free(name) }
    var arguments = [name, nil]
    let failure = posix_spawn(&child, program, &actions, nil, &arguments, environ)
    guard failure == 0 else { throw Mistake("\(program) does not start: \(String(cString: strerror(failure)))") }
    try writing.close()

    let printed = try reading.readToEnd() ?? Data()
    var status: Int32 = 0
    while waitpid(child, &status, 0) == -1 && errno == EINTR {}
    guard status == 0 else { throw Mistake("\(program) ended with status \(status)") }
    return String(decoding: printed, as: UTF8.self)
}
