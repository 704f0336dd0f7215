// What UBSan (the preset dev) must not check in a program with workers: whether an object has the type that a call takes it for. It
// asks by way of a pipe; a worker's system call filter refuses pipes, and UBSan then takes every object for broken.
extern "C" void __ubsan_handle_dynamic_type_cache_miss_abort(void*, unsigned long, unsigned long);

extern "C" void __ubsan_handle_dynamic_type_cache_miss_abort(void*, unsigned long, unsigned long) {}
