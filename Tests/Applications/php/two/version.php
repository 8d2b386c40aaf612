<?php
const VERSION = 'two';
